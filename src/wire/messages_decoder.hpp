// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "messages_event.hpp"
#include "response_decoder.hpp"

namespace chatvim::wire {

/// Decodes responses of Anthropic's Messages API and compatible servers. A response ends at
/// `message_stop`, or at the end of the body if a stop reason has arrived; any other end is a
/// truncated stream.
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
  void end_thought();
  void take_sources(const std::vector<Source>& sources);
  void end_text();
  void take_stop(const Stop& stop);
  void end_message();

  /// A block of thinking that is still open. Its pieces may be split inside a character.
  struct Thought {
    std::string text;
    std::string signature;
  };

  MessageUsage counts_;
  std::optional<Thought> thought_;
  bool has_thoughts_ = false;    // a state has been emitted, so the places of texts matter
  std::vector<Source> sources_;  // of the open block of text
  std::string explanation_;      // of a refusal
  // The open tool calls, each with the input from its block, which is used if no deltas follow.
  std::map<std::int64_t, std::string> open_calls_;
};

}  // namespace chatvim::wire
