// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// How lines begin blocks (CommonMark 0.31, chapters 4 and 5).
namespace chatvim::markdown {

/// A line of a document inside the containers (quotes, list items) that hold it.
struct BlockLine {
  std::string prefix;      ///< the containers' markers, as written
  std::string_view text;   ///< what follows them
  std::size_t column = 0;  ///< where `text` starts; tab stops depend on it
};

/// Returns the columns of white space that the line begins with.
std::size_t indentation_of(const BlockLine& line);

/// Moves `columns` of white space, and before it `bytes` bytes, from the text to the prefix.
/// Returns nothing if that would split a tab.
std::optional<BlockLine> strip(const BlockLine& line, std::size_t bytes, std::size_t columns);

/// The line that opens a fenced code block.
struct FenceStart {
  char character = 0;
  std::size_t length = 0;
};

/// The marker of a list item.
struct ItemStart {
  std::size_t size = 0;        ///< bytes of the marker, with white space before it
  std::size_t columns = 0;     ///< from the marker's end to the item's content
  bool is_empty = false;       ///< nothing follows the marker
  bool can_interrupt = false;  ///< also if the line before belongs to a paragraph
};

std::optional<FenceStart> fence_start(const BlockLine& line);
std::optional<ItemStart> item_start(const BlockLine& line);
/// Whether the line begins with the `>` of a quote.
bool is_quote(const BlockLine& line);
/// Whether the line is a thematic break.
bool is_rule(const BlockLine& line);
/// Whether the line is a heading that begins with `#`.
bool is_heading(const BlockLine& line);
/// Whether the line makes a heading of the paragraph above it.
bool is_underline(const BlockLine& line);

/// Whether the line means something to an extension of markdown because it is a line of its own: a
/// definition (Pandoc, PHP Markdown Extra: `: text`, `~ text`), of an abbreviation, a link or a
/// footnote too; attributes (kramdown: `{: .class}`); a tag (Liquid); a block that a line like
/// `:::` or `!!!` opens; a formula.
bool is_extension_line(const BlockLine& line);

/// Whether the line ends a paragraph that stands above it, in the same containers.
bool interrupts_paragraph(const BlockLine& line);
/// Whether the line begins a block of its own where the containers of the line above have ended. If
/// not, it continues their paragraph.
bool begins_block(const BlockLine& line);

/// Whether a wrapped line must not begin with this word, because it could begin a block, or mean
/// something to one of the many extensions of markdown.
bool looks_like_block(std::string_view word);

}  // namespace chatvim::markdown
