// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "chatvim/patch/edits.hpp"
#include "comparison.hpp"

namespace chatvim::patch {

/// Returns the edits of a block of code: a new file, a replacement for the quoted lines, a whole
/// file, a fragment, or pieces divided by lines for omitted code.
Result<std::vector<Edit>> find_text_edits(const Lines& target, const Lines& block,
                                          std::optional<std::string_view> quoted);

/// Returns the edits that make the target a block that is known to be the whole new file. A line
/// for omitted code that the target lacks is an error.
Result<std::vector<Edit>> find_whole_edits(const Lines& target, const Lines& block);

}  // namespace chatvim::patch
