// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chatvim/patch/edits.hpp"
#include "comparison.hpp"

namespace chatvim::patch {

/// Returns why a part of a file would be lost that the block only leaves out, as a clause, or "": a
/// whole member that the edits do not bring back, most of a container's lines, or what a comment
/// seems to stand for.
std::string find_left_out(const Lines& target, const std::vector<Edit>& edits);

/// Returns the same for a block that is known to be the whole text, so that what it leaves out is
/// to go: only comments count.
std::string find_unclear_comment(const Lines& target, const std::vector<Edit>& edits);

/// Whether edits of a diff put a line for omitted code in place of code.
bool adds_omission(const Lines& target, const std::vector<Edit>& edits);

}  // namespace chatvim::patch
