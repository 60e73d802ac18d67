// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace chatvim::wire {

/// The content of an error body, whatever its shape.
struct ErrorBody {
  std::string message;             ///< the server's message; may be empty
  std::vector<std::string> words;  ///< its error codes and types, such as "invalid_api_key"
  int status = 0;        ///< the HTTP status given as a code inside the body; 0 if there is none
  bool is_page = false;  ///< the body is a web page
};

/// Whether an object reports an error under this key (in any case): the key of OpenAI and
/// Anthropic, or one of those that Venice puts at the top level of an event.
bool is_error_key(std::string_view key);

/// Reads an error from a body or an event: a JSON object of any shape that providers send (of an
/// array, the first element), the title of a web page, or plain text.
ErrorBody read_error_body(std::string_view body);

/// What JSON that is not part of an answer may contain.
enum class Complaint {
  kNone,
  kWords,  ///< a message, which may be harmless
  kError,  ///< a failure
};

/// Classifies JSON that the wire format's reader does not recognize.
Complaint complaint_in(std::string_view text);

}  // namespace chatvim::wire
