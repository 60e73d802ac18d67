// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "chatvim/settings/diagnostic.hpp"

namespace chatvim::settings {

/// The text of a front matter and where its first line stands in the document. Does not own the
/// text.
class Source {
 public:
  Source(std::string_view text, int first_line);

  std::string_view text() const { return text_; }
  /// The place of a byte; past the text, the end of the last line that holds anything.
  Mark at_offset(std::size_t offset) const;
  /// The place of a line (from 0) and a column in bytes (from 0), kept inside the text likewise.
  Mark at_bytes(std::size_t line, std::size_t column) const;
  /// The place of a line (from 0) and a column in code points (from 0), kept inside the text
  /// likewise.
  Mark at_code_points(std::size_t line, std::size_t column) const;
  /// Bytes before a line (from 0); past the text, the text's size.
  std::size_t offset_of(std::size_t line) const;
  /// A line (from 0) without its ending; empty past the text.
  std::string_view line(std::size_t line) const;
  /// What keeps the text from being parsed at all: its size, bytes that are not UTF-8, control
  /// characters.
  std::optional<Diagnostic> check() const;

 private:
  std::string_view text_;
  int first_line_;
  std::vector<std::size_t> starts_;  ///< offset of each line
  std::vector<std::size_t>
      continuations_;  ///< offsets of the bytes of UTF-8 that start no code point
};

}  // namespace chatvim::settings
