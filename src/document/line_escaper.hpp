// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "special_lines.hpp"

namespace chatvim::document {

/// Escapes special lines in text that arrives in pieces, split anywhere, and drops blank lines at
/// its start and end. Holds back a line only while it can still become special, and line breaks
/// until more text follows.
class LineEscaper {
 public:
  /// `first` are the special lines that count on the first line of text, `others` those on all
  /// other lines. `special` must outlive the escaper.
  LineEscaper(const SpecialLines& special, SpecialLines::Kinds first, SpecialLines::Kinds others);

  /// Appends to `out` as much of the text as can be emitted.
  void feed(std::string_view text, std::string& out);
  /// Appends what was held back, except blank lines.
  void finish(std::string& out);
  /// Continues after text that is already written, which must not be blank and must end with a
  /// complete line or inside a line that can no longer become special. Must be called first.
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
  bool begun_ = false;  // text was emitted
  State state_ = State::kBlank;
  LineMatch match_;
  std::string gap_;   // line breaks and blank lines since the last text
  std::string line_;  // the held-back start of the line
};

}  // namespace chatvim::document
