// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "chatvim/settings/diagnostic.hpp"

namespace chatvim::settings {

/// The text of a front matter and the line where it starts in the document. Does not own the text.
class Source {
 public:
  Source(std::string_view text, int first_line);

  std::string_view text() const { return text_; }
  /// Returns the position of a byte; past the text, the end of the last non-blank line.
  Mark at_offset(std::size_t offset) const;
  /// Returns the position of a line and a byte column (both from 0), clamped likewise.
  Mark at_bytes(std::size_t line, std::size_t column) const;
  /// Returns the position of a line and a column in code points (both from 0), clamped likewise.
  Mark at_code_points(std::size_t line, std::size_t column) const;
  /// Returns the offset of a line (from 0); past the text, the size of the text.
  std::size_t offset_of(std::size_t line) const;
  /// Returns a line (from 0) without its line ending; empty past the text.
  std::string_view line(std::size_t line) const;
  /// Returns an error if the text cannot be parsed at all because of its size, invalid UTF-8 or
  /// control characters.
  std::optional<Diagnostic> check() const;

 private:
  std::string_view text_;
  int first_line_;
  std::vector<std::size_t> starts_;         ///< offset of each line
  std::vector<std::size_t> continuations_;  ///< offsets of UTF-8 continuation bytes
};

}  // namespace chatvim::settings
