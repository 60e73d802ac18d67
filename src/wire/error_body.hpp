// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace chatvim::wire {

/// What an error's body says, in whatever shape it came.
struct ErrorBody {
  std::string message;             ///< the server's words; empty when it said nothing
  std::vector<std::string> words;  ///< its error codes and types, such as "invalid_api_key"
  int status = 0;                  ///< an HTTP status given as code inside the body; 0: none
  bool is_page = false;            ///< it is a web page
};

/// True for the keys under which an object reports an error: OpenAI's and Anthropic's, and Venice's
/// at the top of an event; in any case.
bool is_error_key(std::string_view key);

/// Reads an error from a body or an event: JSON objects of every shape that providers send (an
/// array: its first element), the title of a web page, or plain text.
ErrorBody read_error_body(std::string_view body);

/// What JSON that is no part of an answer may be.
enum class Complaint {
  kNone,
  kWords,  ///< it holds a message, which may be harmless
  kError,  ///< it says that something failed
};

/// Looks at JSON in which the reader of a wire format has found nothing.
Complaint complaint_in(std::string_view text);

}  // namespace chatvim::wire
