// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace chatvim::embed {

/// Whether a folder of this name holds a version control system's own data.
inline bool is_repository(std::string_view name) {
  constexpr std::array<std::string_view, 4> kNames = {".git", ".hg", ".svn", ".jj"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

}  // namespace chatvim::embed
