// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/json.hpp"

namespace chatvim::lsp {

/// The unit of `Position.character` (LSP 3.17, "Position Encoding Kind"). Negotiated once.
enum class Encoding { kUtf8, kUtf16, kUtf32 };

/// Returns "utf-8", "utf-16" or "utf-32".
std::string_view name_of(Encoding encoding);
/// A place in a text: line and byte in the line, from 0.
struct Position {
  std::size_t line = 0;
  std::size_t byte = 0;
  auto operator<=>(const Position&) const = default;
};

/// A range of text; the end is exclusive.
struct Range {
  Position start;
  Position end;
  bool operator==(const Range&) const = default;
};

/// Returns the byte at which a character of a line begins. A character behind the end of the line
/// is its end; one inside a character is that character's start.
std::size_t byte_of(std::string_view line, std::size_t character, Encoding encoding);
/// The inverse.
std::size_t character_of(std::string_view line, std::size_t byte, Encoding encoding);

/// An edit of a text: the range before it, and where the inserted text ends.
struct Edit {
  Range range;
  Position new_end;
};

/// A text as lines without `\n`. A line may end in `\r`, which is the last character of it: the
/// same text has the same line numbers for clients that count `\r\n` as one line break and for
/// Neovim, where a buffer of mixed line endings keeps the `\r`.
class Text {
 public:
  explicit Text(std::string_view text);

  const std::vector<std::string>& lines() const { return lines_; }
  std::string_view line(std::size_t index) const {
    return index < lines_.size() ? std::string_view(lines_[index]) : std::string_view();
  }
  /// Returns the lines joined with `\n`.
  std::string whole() const;
  /// Returns the end of the text.
  Position end() const { return {lines_.size() - 1, lines_.back().size()}; }

  /// Replaces a range, which is clamped to the text, by a text.
  Edit replace(Range range, std::string_view with);
  /// Replaces everything, as a replacement of the part that differs.
  Edit replace_all(std::string_view with);

 private:
  Position clamp(Position position) const;

  std::vector<std::string> lines_;  // at least one
};

/// Converts between positions and those of the protocol.
class Positions {
 public:
  Positions(const Text& text, Encoding encoding) : text_(text), encoding_(encoding) {}

  /// Reads a position; anything else than two numbers counts as 0.
  Position read(const Json& position) const;
  Range read_range(const Json& range) const;
  Json write(Position position) const;
  Json write(Range range) const;
  /// Returns the range of a whole line without its line break.
  Json write_line(std::size_t line) const;

 private:
  const Text& text_;
  Encoding encoding_;
};

}  // namespace chatvim::lsp
