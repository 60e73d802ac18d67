// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace chatvim::json {

/// Appends `text` (valid UTF-8) as a JSON string with its quotes; only what JSON forbids is
/// escaped. Runs that stay as they are are appended whole, so that megabytes of messages cost about
/// as much as copying them.
void append_json_string(std::string& out, std::string_view text);

/// Where the first byte from `at` on is that cannot stand in a JSON string as it is (a control
/// character, a quote, a backslash), or the text's size.
std::size_t find_special(std::string_view text, std::size_t at);

}  // namespace chatvim::json
