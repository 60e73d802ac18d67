// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "align.hpp"
#include "comparison.hpp"

namespace chatvim::patch {

/// Where a block, or a piece of one, belongs by the rules of edits.hpp.
struct Placement {
  enum class Verdict {
    kPlaced,
    kUnchanged,  ///< all its lines stand in the target already
    kAbsent,     ///< the target lacks its first or its last line
    kRefused     ///< the place is not certain
  };
  Verdict verdict = Verdict::kAbsent;
  std::size_t first = 0;  ///< rows of the target that it replaces; `last` is exclusive
  std::size_t last = 0;
  bool is_unit = false;              ///< it is a whole function or the like
  bool is_whole = false;             ///< it is the whole target
  std::vector<Change> changes = {};  ///< by rows of the target and of the block
  std::string why = {};              ///< why not, as a clause
};

/// Places the lines from `first` up to `last` of the block as a fragment: its ends stand in the
/// target, what is between them is replaced.
Placement place_fragment(const Compared& compared, std::size_t first, std::size_t last);

/// Places the block as the whole target: it accounts for the target's first and last lines, and for
/// nearly all between them. `kAbsent` if it does not.
Placement place_whole(const Compared& compared);

}  // namespace chatvim::patch
