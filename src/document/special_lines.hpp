// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/document/format.hpp"
#include "chatvim/document/message.hpp"

namespace chatvim::document {

/// The blocks of an answer, by their first lines: what the beginning of a line says it opens.
enum class BlockKind { kNone, kCall, kState, kOther, kProvenance };
BlockKind block_on(std::string_view line);

/// How far a line has been compared with the special lines, character by character; `SpecialLines`
/// owns the rules.
struct LineMatch {
  unsigned candidates = 0;   ///< bit i: the i-th special line can still match
  std::size_t slashes = 0;   ///< `\`s at the start of the line
  std::size_t position = 0;  ///< characters after those
};

/// The lines that have a meaning in a chat: the delimiters, the first and last line of a reasoning
/// block, the first lines of the blocks of an answer, and the front matter marker that a body
/// begins with. Reader and writer share this class, so that what one escapes the other unescapes.
///
/// A line is treated as a number of `\`s and a rest, ignoring trailing white space. Text that
/// equals a special line, or `\`s and a special line, is written with one more `\`. A special line
/// may itself begin with `\`, and may be the escaped form of another (`# X` and `\# X`). Text
/// therefore gets one more `\` for each special line that it meets while being escaped, and loses
/// one for each special line that it is an escaped form of, so that any text can be written.
class SpecialLines {
 public:
  /// A set of special-line kinds: those that count on a given line.
  using Kinds = unsigned;
  static constexpr Kinds kDelimiter = 1U << 0U;
  static constexpr Kinds kMarker = 1U << 1U;
  static constexpr Kinds kOpener = 1U << 2U;
  static constexpr Kinds kCloser = 1U << 3U;
  static constexpr Kinds kStep = 1U << 4U;  ///< any line that begins like a block of an answer
  /// The kinds that count on every line of a body.
  static constexpr Kinds kEverywhere = kDelimiter | kMarker;

  /// `marker` is the front matter marker that the body begins with, or empty.
  SpecialLines(const Format& format, std::string_view marker);

  /// Starts matching a line on which `kinds` count.
  LineMatch start(Kinds kinds) const;
  /// Takes the next character of the line.
  void advance(LineMatch& match, char character) const;
  /// True while the line can still become a special line or an escaped special line.
  bool is_open(const LineMatch& match) const;

  /// True if a line that begins like this can still become a special line or an escaped special
  /// line.
  bool is_open(std::string_view beginning, Kinds kinds) const;

  /// Returns how many `\`s to write before a complete line of text.
  std::size_t slashes_to_add(const LineMatch& match) const;
  std::size_t slashes_to_add(std::string_view line, Kinds kinds) const {
    return slashes_to_add(match(line, kinds));
  }
  /// Returns how many `\`s to remove from a line of a document.
  std::size_t slashes_to_remove(std::string_view line, Kinds kinds) const;
  /// Returns the role whose delimiter the line is.
  std::optional<Role> delimiter(std::string_view line) const;
  /// False if a delimiter equals a line of a reasoning block: such a block could not be read back.
  bool can_keep_reasoning() const;
  /// The same for the lines that open and end the blocks of an answer.
  bool can_keep_blocks() const;

 private:
  struct Entry {
    std::size_t slashes;
    std::string rest;
    Kinds kinds;
    std::optional<Role> role;
    bool is_beginning = false;  ///< any line that begins with `rest` is special
  };

  void add(std::string_view line, Kinds kind, std::optional<Role> role);
  void add_beginning(std::string_view beginning, Kinds kind);
  LineMatch match(std::string_view line, Kinds kinds) const;
  bool is_complete(const LineMatch& match, std::size_t index) const;

  std::vector<Entry> entries_;          // distinct, at most eleven, sorted by number of `\`s
  std::array<bool, 256> first_byte_{};  // bytes that a special or escaped line can begin with
};

/// Returns the front matter marker that the body's first line equals, or "". If that is also the
/// document's first line, the marker is not closed yet, and a reply line that closed it would turn
/// all the text above into front matter. The marker is therefore escaped like a delimiter in such a
/// body.
std::string_view leading_marker(std::span<const std::string_view> body);

}  // namespace chatvim::document
