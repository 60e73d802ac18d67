// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chatvim/patch/edits.hpp"
#include "comparison.hpp"

namespace chatvim::patch {

/// Returns why a part of a file would be lost that the block only leaves out, as a clause, or "": a
/// whole member that the block does not name, most of a container's lines, or what a comment of the
/// block seems to stand for. `shown` are the block's lines as they are to be written.
std::string find_left_out(const Lines& target, const std::vector<std::string>& shown,
                          const std::vector<Edit>& edits);

/// Returns the same for a block that is known to be the whole file, so that what it leaves out is
/// to go.
std::string find_unclear_comment(const Lines& target, const std::vector<Edit>& edits);

}  // namespace chatvim::patch
