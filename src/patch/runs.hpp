// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "comparison.hpp"

namespace chatvim::patch {

/// Returns for each row of `target` how many lines from there on are equal to the first lines of
/// `block` (the Z algorithm; linear).
std::vector<std::size_t> runs_from(const Ids& target, const Ids& block);

/// Returns for each row of `target` how many lines up to and including it are equal to the last
/// lines of `block`.
std::vector<std::size_t> runs_up_to(const Ids& target, const Ids& block);

/// Returns the rows of `target` from which on all lines of `block` stand; `block` is not empty.
std::vector<std::size_t> find_all(const Ids& target, const Ids& block);

}  // namespace chatvim::patch
