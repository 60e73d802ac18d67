// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "comparison.hpp"

namespace chatvim::patch {

/// Where the two ends of a block stand in the target.
struct Ends {
  std::size_t first = 0;      ///< the row of the block's first line
  std::size_t last = 0;       ///< the row of its last line
  std::size_t first_run = 0;  ///< equal lines from the first row on
  std::size_t last_run = 0;   ///< equal lines up to the last row
};

/// Rows at which one end of a block may stand.
struct EndRows {
  std::vector<std::size_t> runs;    ///< by row: how many lines are equal from there on
  std::size_t count = 0;            ///< rows at which at least one is
  std::vector<std::size_t> strong;  ///< ascending: the only one, or those with at least three
  bool is_single() const { return count == 1; }
};

/// Returns the rows of an end, given the number of equal lines at each row.
EndRows end_rows(std::vector<std::size_t> runs);

/// Returns the pairs of ends between which the block can belong: in order, and no further apart
/// than it has lines to keep and to remove. More equal lines make no pair better: an edit may have
/// made the lines below its context like those at another place. At most a few are returned.
std::vector<Ends> pair_ends(const EndRows& starts, const EndRows& ends, std::size_t block_size);

/// Returns the last row of the unit (such as a function) that opens at `row`, if the block is one:
/// its first and last lines have one indentation, the last closes, all between are deeper. The
/// target's unit must end with the same line.
std::optional<std::size_t> end_of_unit(const Compared& compared, const EndRows& ends,
                                       std::size_t row, std::size_t block_first,
                                       std::size_t block_last);

/// Whether all lines of a block after the first are deeper than that, except for a closing one.
bool is_unit(const Compared& compared, std::size_t block_first, std::size_t block_last);

}  // namespace chatvim::patch
