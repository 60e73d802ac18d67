// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "chatvim/patch/edits.hpp"
#include "comparison.hpp"
#include "place.hpp"

namespace chatvim::patch {

/// What one comparison gives.
struct Attempt {
  Placement::Verdict verdict = Placement::Verdict::kAbsent;
  std::vector<Edit> edits = {};  ///< if placed
  std::string why = {};          ///< if refused
  std::size_t first = 0;         ///< if placed: the rows from its first line to its last one
  std::size_t last = 0;
  bool is_whole = false;  ///< if placed: as the whole target
};

/// Tries comparisons, strictest first, until one finds anything; of the shifts, exactly one must
/// lead to a place, with at least one edit. `known` are the lines of the block that should stand in
/// the target. With `checks_shifts` a place without a shift counts only if no shift leads to
/// another one, or if it is the whole target.
Result<Attempt> try_comparisons(const Lines& target, const Lines& block, const Lines& known,
                                const std::function<Attempt(const Compared&)>& attempt,
                                bool checks_shifts);

}  // namespace chatvim::patch
