// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat_chunk.hpp"
#include "token_usage.hpp"

namespace chatvim::wire {

/// A content block or a delta of one: `text`, `thinking`, `tool_use`, `text_delta`, …
struct ContentBlock {
  std::string type;
  std::string text;
  std::string content;  ///< used by some servers in place of `text`, and for tool results
  std::string thinking;
  std::string id;
  std::string name;
  std::string input;         ///< JSON; empty if the input is empty
  std::string partial_json;  ///< of an `input_json_delta`
  std::string signature;     ///< of thinking; a `signature_delta` may hold a piece of it
  std::string data;          ///< of a `redacted_thinking`
  std::vector<Source> citations;
};

/// Why the model stopped, from `message_delta` or a whole message.
struct Stop {
  std::string reason;
  std::string explanation;  ///< of a refusal
};

/// The content of one event of a Messages stream, or of a whole message, which is an event of the
/// type `message`. Strings are as `JsonCursor` returns them and may be split inside a character.
struct MessagesEvent {
  std::string type;
  std::int64_t index = 0;
  ContentBlock block;  ///< `content_block` or `delta`
  Stop stop;
  std::vector<ContentBlock> content;  ///< of a message
  bool error = false;                 ///< it reports an error; see `describe_error`
  bool damaged = false;               ///< an ignored value is not valid JSON
};

/// Reads an event's data, with its members in any order, and adds its counts to `usage`. Returns
/// nothing if the text is not JSON. Ignores a field that is absent, null or of the wrong type.
std::optional<MessagesEvent> read_messages_event(std::string_view text, MessageUsage& usage);

}  // namespace chatvim::wire
