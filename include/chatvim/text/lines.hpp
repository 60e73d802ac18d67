// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace chatvim::text {

/// The lines of a file: `\n` and `\r\n` end a line, a byte-order mark at the start is dropped, a
/// last line without an ending is a line, and an empty text has none. The views point into `file`.
std::vector<std::string_view> split_file(std::string_view file);

/// The lines of a buffer as Neovim's Lua side joins them: separated by `\n`, which no line of
/// Neovim's API holds (a NUL of the file is a NUL there). A buffer has at least one line. The views
/// point into `joined`.
std::vector<std::string_view> split_buffer(std::string_view joined);

/// A line without the `\r`s at its end, which are no part of it: a buffer keeps them where the line
/// ends of its file are mixed.
std::string_view without_returns(std::string_view line);

/// White space of the format: spaces, tabs, and `\r`s.
bool is_blank(std::string_view line);
/// `line` without white space at its end.
std::string_view trim_end(std::string_view line);
/// `line` without white space at either end.
std::string_view trim(std::string_view line);

}  // namespace chatvim::text
