// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "token_usage.hpp"

namespace chatvim::wire {

/// A content block, or a delta of one: `text`, `thinking`, `tool_use`, `text_delta`, …
struct ContentBlock {
  std::string type;
  std::string text;
  std::string content;  ///< what some servers have in place of `text`, and tools' results
  std::string thinking;
  std::string id;
  std::string name;
  std::string input;         ///< JSON text; empty when it holds nothing
  std::string partial_json;  ///< of an `input_json_delta`
};

/// Why the model stopped, as `message_delta` and a whole message have it.
struct Stop {
  std::string reason;
  std::string explanation;  ///< of a refusal
};

/// What one event of a Messages stream says, or a whole message, which is an event of the type
/// `message`. Strings are as `JsonCursor` gives them: perhaps cut inside a character.
struct MessagesEvent {
  std::string type;
  std::int64_t index = 0;
  ContentBlock block;  ///< `content_block` or `delta`
  Stop stop;
  std::vector<ContentBlock> content;  ///< of a message
  bool error = false;                 ///< it reports an error; see `describe_error`
  bool damaged = false;               ///< a value that nobody reads is not JSON
};

/// Reads an event's data, its members in any order, and adds its counts to `usage`; nothing when
/// the text is not JSON. A field that is absent, null or of another type says nothing.
std::optional<MessagesEvent> read_messages_event(std::string_view text, MessageUsage& usage);

}  // namespace chatvim::wire
