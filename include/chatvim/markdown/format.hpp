// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace chatvim::markdown {

/// How `format` wraps prose.
struct FormatOptions {
  std::size_t width = 80;               ///< of a line, in cells
  std::vector<std::string> delimiters;  ///< of the chat: lines that stay as they are
};

/// Wraps the prose of a markdown document (CommonMark 0.31, tables of GitHub) again and leaves
/// everything else as it is: front matter, headings, code, tables, HTML, definitions of links, hard
/// line breaks, the lines that mean something in a chat, calls of tools, embeds. The text must be
/// valid UTF-8.
///
/// The result means the same: its HTML differs only in white space between words. Formatting it
/// again changes nothing. A line is longer than the width if it has no place to break: inside a
/// code span, or where the next line would begin like a list, a heading or another block.
std::string format(std::string_view text, const FormatOptions& options);

}  // namespace chatvim::markdown
