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
};

/// Tries comparisons, strictest first, until one finds anything; of the shifts, exactly one must
/// lead to a place. `known` are the lines of the block that should stand in the target.
Result<std::vector<Edit>> try_comparisons(const Lines& target, const Lines& block,
                                          const Lines& known,
                                          const std::function<Attempt(const Compared&)>& attempt);

}  // namespace chatvim::patch
