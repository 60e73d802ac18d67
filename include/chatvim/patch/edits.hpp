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
// - A place is proved by its ends: the first lines of a block (its context) stand in the file, its
//   last lines too, and what is between them there is replaced. Each end must be a line that the
//   file has once, or three lines in a row that no other place shares (at most the first of them),
//   or the closing line of the unit, such as a function, that the block's first line opens. Another
//   place between whose lines the block could have been inserted as it is refutes the proof.
// - More than the block shows is never removed: if more lines vanish than the block has, it is
//   refused. So is a block that shows most of what stands outside of its place, because that may be
//   a whole file whose parts were moved.
// - A block is the whole file only if it accounts for the file's first and last lines, with nearly
//   everything between them.
// - A line that stands for omitted code divides a block. Each piece needs a proof of its own, in
//   order. It is never written into a file.
// - The old lines of a hunk of a diff must stand in the file exactly. Line numbers decide between
//   equal places only if they and the counts are right in every other hunk of the diff.
// - Lines are compared exactly, then without white space at their ends, then with an indentation
//   that differs by a constant. A later comparison counts only if the one before found nothing.
namespace chatvim::patch {

/// What a block is: code, or a unified diff.
enum class Kind { kText, kDiff };

/// Returns "text" or "diff".
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
