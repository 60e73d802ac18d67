// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "messages_event.hpp"
#include "response_decoder.hpp"

namespace chatvim::wire {

/// Decodes Anthropic's Messages and what is compatible with it. It ends at `message_stop`, or at
/// the end of the body when a stop reason was there; any other end is a cut stream.
class MessagesDecoder final : public ResponseDecoder {
 public:
  MessagesDecoder() : ResponseDecoder(Api::kMessages) {}

 private:
  Taken take_event(std::string_view type, std::string_view data) override;
  Taken take_whole(std::string_view text) override;
  bool is_ours(std::string_view type) const override;
  void end_answer() override { end_message(); }
  std::string_view cut_words() const override { return "stream ended before message_stop"; }

  bool take_typed(const MessagesEvent& event, std::string_view type);
  void take_message(const MessagesEvent& event);
  void begin_block(const ContentBlock& block, std::int64_t index);
  void take_delta(const ContentBlock& delta, std::int64_t index);
  void end_block(std::int64_t index);
  void take_stop(const Stop& stop);
  void end_message();

  MessageUsage counts_;
  std::string explanation_;  // of a refusal
  // The tool calls that have not ended: the input that came with the block, for want of deltas.
  std::map<std::int64_t, std::string> open_calls_;
};

}  // namespace chatvim::wire
