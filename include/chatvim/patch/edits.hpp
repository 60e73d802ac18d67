// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/error.hpp"

// What a code block of an answer means for a file. A block says what is to be there, but hardly
// where, and models are careless about what they leave out. So a place counts only if the block
// proves it; otherwise the result is a sentence that says what the user can do.
//
// - A fragment is placed by its ends: its first lines (its context) stand in the file, its last
//   lines too, and what is between them there is replaced. An end is a line that the file has once,
//   or three equal lines in a row. Exactly one pair of such ends may be in reach of each other;
//   longer runs of equal lines prove nothing, because an edit often makes one place like another.
//   A unit, such as a function, ends with the closing line of the unit that its first line opens.
// - A fragment is refused if it could also be inserted as it is elsewhere, if lines that it adds
//   stand elsewhere in the file (then they were moved), if more lines would go than it shows, or if
//   one of its ends could as well be at a line that would go.
//   A few lines are enough if they are all lines from one that the file has once down to its last,
//   and what the block adds to them.
// - A block is the whole file only if it accounts for the file's first and last lines, with nearly
//   everything between them. A fragment that covers most of the file may be the whole file without
//   its end, and is refused, unless it begins with an indented line, the file does not, and more
//   than a fifth of the file is above that place: a whole file rarely loses that much of its top.
// - What a block leaves out without saying so stays: it is refused if it would remove a function, a
//   class, a section or the like that it does not bring back, most entries of a container, or code
//   in place of which it has only comments, a stub, or a comment such as "other methods unchanged".
// - Lines that the user quoted are replaced by a block without a place of its own, unless it may be
//   only a part of them. It gets their indentation.
// - A block gets tabs or spaces as the file has them.
// - A line that stands for omitted code divides a block. Each piece needs a proof of its own, in
//   order. It is never written into a file.
// - The old lines of a hunk of a diff must stand in the file exactly. Line numbers decide between
//   equal places only if they and the counts are right in every other hunk of the diff.
// - Lines are compared exactly, then without white space at their ends, then with an indentation
//   that differs by a constant. A block is moved to the right only if one of its lines has no
//   indentation; otherwise its indentation is taken as meant. A later comparison counts only if the
//   one before found nothing; but a fragment that also fits another place with another indentation
//   is refused.
namespace chatvim::patch {

/// What a block is: code, a unified diff, or code that is known to be the whole new file.
enum class Kind { kText, kDiff, kWhole };

/// Returns "text", "diff" or "whole".
std::string_view name_of(Kind kind);

/// Replaces the lines from `first` up to `last` (from 0, exclusive) of a text.
struct Edit {
  std::size_t first = 0;
  std::size_t last = 0;
  std::vector<std::string> lines = {};

  bool operator==(const Edit& other) const = default;
};

/// A block, and the lines that the user quoted of its file, if that is known.
struct Proposal {
  std::string_view block;
  Kind kind = Kind::kText;
  std::optional<std::string_view> quoted = {};
};

/// Returns the edits that a block means for a text (a buffer's lines, joined with `\n`), ascending
/// and not overlapping, at least one; or a sentence that says why that is not certain and what to
/// do. Takes time proportional to the sizes of both, except for a diff with many equal places.
Result<std::vector<Edit>> find_edits(std::string_view target, const Proposal& proposal);

}  // namespace chatvim::patch
