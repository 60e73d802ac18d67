// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace chatvim::text {

/// Splits the text of a file into lines. `\n` and `\r\n` end a line, a byte-order mark at the start
/// is dropped, a last line needs no line ending, and an empty text has no lines. The views point
/// into `file`.
std::vector<std::string_view> split_file(std::string_view file);

/// Splits the text of a buffer into lines. Neovim's Lua side joins them with `\n`, which no line in
/// Neovim's API contains (a NUL of the file stays a NUL there). A buffer has at least one line. The
/// views point into `joined`.
std::vector<std::string_view> split_buffer(std::string_view joined);

/// Returns a line without the `\r`s at its end, which are not part of its text: a buffer keeps them
/// if its file has mixed line endings.
std::string_view without_returns(std::string_view line);

/// Whether a line or a longer text is empty or consists of white space: spaces, tabs and line ends.
bool is_blank(std::string_view text);
/// Returns `line` without trailing white space.
std::string_view trim_end(std::string_view line);
/// Returns `line` without leading or trailing white space.
std::string_view trim(std::string_view line);

}  // namespace chatvim::text
