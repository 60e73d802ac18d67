// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace chatvim::markdown {

/// A longer beginning, in bytes, is not held back until its line is known.
inline constexpr std::size_t kMostHeld = 1000;

/// What the beginning of a line says about the line (CommonMark 0.31, chapters 4 and 5).
struct LineHead {
  enum class Kind {
    kUndecided,  ///< more of the line must be known
    kText,
    kBlank,
    kHeading,
    kDelimiter,  ///< `# === `, as the delimiters of a chat begin
    kFence,      ///< the whole line opens a code fence
    kRule,       ///< the whole line is a thematic break or a marker of front matter
    kQuote,
    kItem
  };
  Kind kind = Kind::kUndecided;
  std::size_t size = 0;  ///< bytes of the marker of a quote or an item, with white space before it
};

/// Decides what a line is from its beginning, which is all of it if `complete`.
LineHead read_line_head(std::string_view beginning, bool complete);

/// Whether a line closes a fence of `length` characters. Its indentation does not count, because
/// fences in list items are indented.
bool closes_fence(std::string_view line, char character, std::size_t length);

/// Returns the length of the run of the character that the text begins with.
std::size_t run_length(std::string_view text);

}  // namespace chatvim::markdown
