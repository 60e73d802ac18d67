// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "chatvim/patch/edits.hpp"
#include "comparison.hpp"

namespace chatvim::patch {

/// Returns the edits of a unified diff of one file.
Result<std::vector<Edit>> find_diff_edits(const Lines& target, std::string_view diff);

}  // namespace chatvim::patch
