// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "comparison.hpp"

namespace chatvim::patch {

/// Where one end of a block stands in the target.
struct End {
  enum class State { kAbsent, kAmbiguous, kFound };
  State state = State::kAbsent;
  std::size_t row = 0;    ///< of the block's first or last line
  std::size_t run = 0;    ///< equal lines from there on
  std::size_t count = 0;  ///< rows with the block's first or last line

  bool is_found() const { return state == State::kFound; }
};

/// Finds the place of an end. `runs` has the number of equal lines at each row; `is_unique` tells
/// whether the target has the block's line, counted from that end, exactly once.
End find_end(const std::vector<std::size_t>& runs,
             const std::function<bool(std::size_t)>& is_unique);

/// Returns the last row of the unit (such as a function) that opens at `row`, if the block is one:
/// its first and last lines have one indentation, the last closes, all between are deeper. The
/// target's unit must end with the same line.
std::optional<std::size_t> end_of_unit(const Compared& compared, std::size_t row,
                                       std::size_t block_first, std::size_t block_last);

/// Whether all lines of a block after the first are deeper than that, except for a closing one.
bool is_unit(const Compared& compared, std::size_t block_first, std::size_t block_last);

}  // namespace chatvim::patch
