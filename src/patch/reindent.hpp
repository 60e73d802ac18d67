// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "comparison.hpp"

namespace chatvim::patch {

/// Returns a block with tabs for its spaces, or spaces for its tabs, if the target is indented only
/// with the others and the block's first level is known: one of its lines is not indented.
std::vector<std::string> with_tabs_of(const Lines& target, const Lines& block);

/// Returns a block that is to replace the quoted lines with their indentation: all of it, or its
/// first line alone, which models often trim.
std::vector<std::string> with_indentation_of(const Lines& quoted, const Lines& block);

}  // namespace chatvim::patch
