// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "messages_event.hpp"
#include "response_decoder.hpp"

namespace chatvim::provider {

/// Decodes Anthropic's Messages and what is compatible with it. It ends at `message_stop`; any
/// other end is a cut stream.
class MessagesDecoder final : public ResponseDecoder {
 private:
  void take_event(const sse::Event& event, std::string_view data) override;
  bool take_whole(std::string_view text) override;
  void end_stream() override;

  void take_typed(const MessagesEvent& event, std::string_view type);
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

}  // namespace chatvim::provider
