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

/// How much of a line has been compared with the special lines, character by character;
/// `SpecialLines` owns the rules.
struct LineMatch {
  unsigned candidates = 0;   ///< bit i: the i-th special line can still match
  std::size_t slashes = 0;   ///< `\`s at the start of the line
  std::size_t position = 0;  ///< characters after those
};

/// The lines that mean something in a chat: the delimiters, the ends of a reasoning block, and the
/// front matter marker that a body begins with. Reader and writer ask the same object, so that what
/// one escapes the other takes away.
///
/// A line is looked at as a number of `\`s and a rest, white space at its end ignored. Text that is
/// a special line, or
/// `\`s and a special line, is written with one more `\`. A special line may itself begin with `\`,
/// and one may be the escaped form of another (`# X` and `\# X`): then text gets one more `\` for
/// each special line that it meets on the way, and loses one for each special line that it is an
/// escaped form of, so that every text can still be written.
class SpecialLines {
 public:
  /// Kinds of special lines; a set of them says which ones count where a line stands.
  using Kinds = unsigned;
  static constexpr Kinds kDelimiter = 1U << 0U;
  static constexpr Kinds kMarker = 1U << 1U;
  static constexpr Kinds kOpener = 1U << 2U;
  static constexpr Kinds kCloser = 1U << 3U;
  /// What counts on every line of a body.
  static constexpr Kinds kEverywhere = kDelimiter | kMarker;

  /// `marker` is the front matter marker that the body begins with, or empty.
  SpecialLines(const Format& format, std::string_view marker);

  /// The beginning of a line on which `kinds` count.
  LineMatch start(Kinds kinds) const;
  /// The next character of the line.
  void advance(LineMatch& match, char character) const;
  /// True while the line can still become a special line or an escaped one.
  bool is_open(const LineMatch& match) const;

  /// True while a line that begins like this can still become a special line or an escaped one.
  bool is_open(std::string_view beginning, Kinds kinds) const;

  /// How many `\`s to write before a line of text that is complete.
  std::size_t slashes_to_add(const LineMatch& match) const;
  /// How many `\`s to take away from the line of a document.
  std::size_t slashes_to_remove(std::string_view line, Kinds kinds) const;
  /// The role whose delimiter the line is.
  std::optional<Role> delimiter(std::string_view line) const;
  /// False when a delimiter is one of the lines of a reasoning block: then such a block cannot be
  /// read back.
  bool can_keep_reasoning() const;

 private:
  struct Entry {
    std::size_t slashes;
    std::string rest;
    Kinds kinds;
    std::optional<Role> role;
  };

  void add(std::string_view line, Kinds kind, std::optional<Role> role);
  LineMatch match(std::string_view line, Kinds kinds) const;
  bool is_complete(const LineMatch& match, std::size_t index) const;

  std::vector<Entry> entries_;          // at most seven, by number of `\`s, all different
  std::array<bool, 256> first_byte_{};  // bytes that a special or escaped line can begin with
};

/// The front matter marker that the body's first line is, or nothing. Where it is the document's
/// first line nothing closes it yet; a line of a reply that did would turn all text above into
/// front matter. So the marker is escaped like a delimiter in such a body.
std::string_view leading_marker(std::span<const std::string_view> body);

}  // namespace chatvim::document
