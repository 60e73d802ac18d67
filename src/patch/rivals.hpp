// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "comparison.hpp"
#include "ends.hpp"

namespace chatvim::patch {

/// Whether a block could be inserted as it is at another place than between its two ends: between
/// lines of the target that are all in the block, in order. Only ends that stand in the target more
/// than once can have such a rival.
bool has_rival(const Ids& target, const Ids& block, const End& start, const End& end);

}  // namespace chatvim::patch
