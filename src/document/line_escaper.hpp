// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "special_lines.hpp"

namespace chatvim::document {

/// Escapes the special lines of text that comes in pieces cut anywhere, and leaves out the blank
/// lines at its ends. Holds back a line only while it can still become special, and line breaks
/// until the next text.
class LineEscaper {
 public:
  /// `first` are the special lines that count on the first line of text, `others` those on all
  /// others. `special` must outlive the escaper.
  LineEscaper(const SpecialLines& special, SpecialLines::Kinds first, SpecialLines::Kinds others);

  /// Appends to `out` what of the text can be given out.
  void feed(std::string_view text, std::string& out);
  /// Appends what was held back, blank lines aside.
  void finish(std::string& out);
  /// Goes on behind text that stands already: it ends with a whole line, or inside a line that
  /// cannot become special any more. Called before anything else, with text that is not blank.
  void resume(std::string_view written);

 private:
  enum class State { kBlank, kCandidate, kPassing };

  void take(char character, std::string& out);
  void end_line(std::string& out);
  void start_line();
  void release(std::size_t slashes, std::string& out);

  const SpecialLines* special_;
  SpecialLines::Kinds first_;
  SpecialLines::Kinds others_;
  bool begun_ = false;  // text was given out
  State state_ = State::kBlank;
  LineMatch match_;
  std::string gap_;   // line breaks and blank lines since the last text
  std::string line_;  // the line's start, held back
};

}  // namespace chatvim::document
