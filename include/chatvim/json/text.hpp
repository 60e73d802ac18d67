// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace chatvim::json {

/// Appends `text` (valid UTF-8) as a quoted JSON string. Escapes only what JSON requires and
/// appends the runs in between whole, so that megabytes of messages cost about as much as copying
/// them.
void append_json_string(std::string& out, std::string_view text);

/// Returns the index of the first byte at or after `at` that JSON requires to be escaped (a control
/// character, a quote or a backslash), or the size of the text.
std::size_t find_special(std::string_view text, std::size_t at);

}  // namespace chatvim::json
