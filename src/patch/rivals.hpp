// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "comparison.hpp"
#include "ends.hpp"

namespace chatvim::patch {

/// Where else the ends of a block may stand, and how many equal lines count.
struct RivalEnds {
  const EndRows& starts;
  const EndRows& stops;
  std::size_t least_run = 1;
};

/// Whether a block could be inserted as it is at another place than between its two ends: between
/// lines of the target that are all in the block, in order.
bool has_rival(const Ids& target, const Ids& block, const Ends& ends, const RivalEnds& others);

}  // namespace chatvim::patch
