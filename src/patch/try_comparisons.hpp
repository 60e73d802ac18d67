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
  std::size_t first = 0;         ///< if placed without pieces: the rows that it replaces
  std::size_t last = 0;
};

/// Tries comparisons, strictest first, until one finds anything; of the shifts, exactly one must
/// lead to a place, with at least one edit. `known` are the lines of the block that should stand in
/// the target. With `checks_shifts` a place without a shift counts only if no shift leads to
/// another one.
Result<Attempt> try_comparisons(const Lines& target, const Lines& block, const Lines& known,
                                const std::function<Attempt(const Compared&)>& attempt,
                                bool checks_shifts);

}  // namespace chatvim::patch
