// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "comparison.hpp"

namespace chatvim::patch {

/// Returns for each line of a block whether it stands for code that is left out. A comment of words
/// does so only at an end of the block, or where lines of the target are missing; dots that are the
/// body of a function in Python do not.
std::vector<bool> find_omissions(const Lines& target, const Lines& block);

/// Whether the block has one of its omissions more often than the target, which may have such lines
/// too.
bool has_new_omission(const Lines& target, const Lines& block, const std::vector<bool>& omissions);

}  // namespace chatvim::patch
