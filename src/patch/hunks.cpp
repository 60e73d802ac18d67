// SPDX-License-Identifier: Apache-2.0
#include "hunks.hpp"

#include "refusal.hpp"

namespace chatvim::patch {

Result<std::vector<Edit>> find_diff_edits(const Lines&, std::string_view) {
  return refuse("diffs are not supported yet");
}

}  // namespace chatvim::patch
