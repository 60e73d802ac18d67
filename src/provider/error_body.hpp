// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace chatvim::provider {

/// What an error's body says, in whatever shape it came.
struct ErrorBody {
  std::string message;             ///< the server's words; empty when it said nothing
  std::vector<std::string> words;  ///< its error codes and types, such as "invalid_api_key"
  int status = 0;                  ///< an HTTP status given as code inside the body; 0: none
};

/// Reads an error from a body or an event: JSON objects of every shape that providers send (an
/// array: its first element), the title of a web page, or plain text.
ErrorBody read_error_body(std::string_view body);

}  // namespace chatvim::provider
