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
#include "text_digest.hpp"

namespace chatvim::wire {

/// Decodes responses of OpenAI's Responses API and compatible servers. A response ends at
/// `response.completed` or another terminal event; any other end is a truncated stream. A stream
/// repeats its deltas in `.done` events, in items and in the whole response. Each text is emitted
/// once, from the first place that has it.
class ResponsesDecoder final : public ResponseDecoder {
 public:
  ResponsesDecoder() : ResponseDecoder(Api::kResponses) {}

 private:
  enum class PartKind { kText, kRefusal, kSummary, kReasoning, kArguments };
  /// Identifies a part of the output: its kind, the index of its item, its index in the item.
  using Part = std::tuple<PartKind, std::int64_t, std::int64_t>;

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
  void note_item(const OutputItem& item, std::int64_t place, bool is_done);
  void keep(const OutputItem& item);
  void take_source(const Source& source, std::int64_t place, std::int64_t index);
  void give(const Part& part, std::string_view text);
  void give_new(const Part& part, const std::string& text);
  bool was_in_deltas(const Part& part, const std::string& text) const;
  std::int64_t place_of(const ResponsesEvent& event);

  std::set<Part> emitted_;
  std::map<Part, TextDigest> in_deltas_;
  std::map<std::string, std::int64_t, std::less<>> places_;  // indexes of items, by their ids
  std::optional<Part> last_thought_;
  std::set<std::int64_t> noted_;  // items that have a state
  // Sources that were emitted: the part's place, their place in it, their URL.
  std::set<std::tuple<std::int64_t, std::int64_t, std::int64_t, std::string>> sources_;
  bool reasoned_ = false;  // reasoning that goes back has come, so the places of items matter
};

}  // namespace chatvim::wire
