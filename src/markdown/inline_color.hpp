// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "paint.hpp"

namespace chatvim::markdown {

/// Colors the text of a paragraph, character by character: emphasis, code spans, targets of links
/// (CommonMark 0.31, chapter 6). Writes to a `Paint`, which must outlive it.
class InlineColor {
 public:
  explicit InlineColor(Paint& paint) : paint_(paint) {}

  /// Sets the style of the line that begins, to which those of its spans are added.
  void begin_line(Style base);
  /// Takes the next character, which is not a line break.
  void take(char character);
  /// Ends the line: colors a run that was held back. Spans stay open.
  void end_line();
  /// Ends the paragraph and with it all spans.
  void reset();

 private:
  void resolve(char next);
  void resolve_emphasis(char next);
  void resolve_code();
  void take_target(char character);
  void put(std::string_view text, Style style);
  Style style() const;

  Paint& paint_;
  Style base_ = kPlainStyle;
  char before_ = ' ';       ///< the last character that was painted
  char strong_ = 0;         ///< the character that opened it, or 0
  char emphasis_ = 0;       ///< the same
  std::size_t code_ = 0;    ///< backticks that opened the code span, or 0
  std::size_t target_ = 0;  ///< open parentheses of a link's target
  std::string run_;         ///< held back: equal `*`, `_` or backticks; `\`; or `]`
};

}  // namespace chatvim::markdown
