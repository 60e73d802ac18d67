// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chatvim::mcp {

/// One message of JSON-RPC 2.0 from a server. The views point into its text.
struct Message {
  enum class Kind { kRequest, kNotification, kResult, kError, kOther };
  Kind kind = Kind::kOther;
  std::string method;       ///< of a request or notification
  std::string_view id;      ///< JSON; empty if it is missing or null
  std::string_view params;  ///< JSON; may be empty
  std::string_view result;  ///< JSON
  std::int64_t error_code = 0;
  std::string error_message;    ///< valid UTF-8
  std::string_view error_data;  ///< JSON; may be empty
};

/// Parses one message or a batch (an array) of them. Returns nothing if the text is not JSON.
std::optional<std::vector<Message>> parse_messages(std::string_view json);

/// Returns an id or a progress token as the number that we sent, which some servers send back as a
/// string.
std::optional<std::int64_t> id_number(std::string_view json);

/// Returns a string member of a JSON object, with invalid UTF-8 replaced, or nothing.
std::optional<std::string> string_member(std::string_view object, std::string_view name);
/// Returns the JSON of a member, or "".
std::string_view raw_member(std::string_view object, std::string_view name);
/// Returns the strings of a JSON array; other elements are skipped.
std::vector<std::string> string_elements(std::string_view array);

/// The text as a quoted JSON string.
std::string json_string(std::string_view text);

}  // namespace chatvim::mcp
