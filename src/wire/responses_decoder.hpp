// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "response_decoder.hpp"
#include "responses_event.hpp"
#include "said_text.hpp"

namespace chatvim::wire {

/// Decodes OpenAI's Responses and what is compatible with it. It ends at `response.completed` or
/// another event that ends a response; any other end is a cut stream. What a stream says in deltas
/// it repeats in `.done` events, in items and in the whole response: each text counts once, from
/// the first place that has it.
class ResponsesDecoder final : public ResponseDecoder {
 public:
  ResponsesDecoder() : ResponseDecoder(Api::kResponses) {}

 private:
  enum class Said { kText, kRefusal, kSummary, kReasoning, kArguments };
  /// A part of the output: what it says, the place of its item, its place in the item.
  using Part = std::tuple<Said, std::int64_t, std::int64_t>;

  Taken take_event(std::string_view type, std::string_view data) override;
  Taken take_whole(std::string_view text) override;
  bool is_ours(std::string_view type) const override;
  std::string_view cut_words() const override { return "stream ended before a terminal event"; }

  bool take_typed(const ResponsesEvent& event, std::string_view type, std::string_view data);
  void take_named(const ResponsesEvent& event, std::string_view type);
  void take_item(const OutputItem& item, std::int64_t place);
  void take_part(const OutputPart& part, std::int64_t place, std::int64_t index);
  void take_rest(const std::vector<OutputItem>& output);
  void take_end(const ResponseObject& response, std::string_view status, std::string_view data);
  void begin_call(const OutputItem& item, std::int64_t place);
  void give(const Part& part, std::string_view text);
  void give_new(const Part& part, const std::string& text);
  bool was_in_deltas(const Part& part, const std::string& text) const;
  std::int64_t place_of(const ResponsesEvent& event);

  std::set<Part> said_;
  std::map<Part, SaidText> in_deltas_;
  std::map<std::string, std::int64_t, std::less<>> places_;  // of items, by their ids
  std::optional<Part> last_thought_;
};

}  // namespace chatvim::wire
