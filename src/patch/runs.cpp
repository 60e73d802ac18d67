// SPDX-License-Identifier: Apache-2.0
#include "runs.hpp"

#include <algorithm>
#include <limits>

namespace chatvim::patch {

std::vector<std::size_t> runs_from(const Ids& target, const Ids& block) {
  Ids all = block;
  all.push_back(std::numeric_limits<std::uint32_t>::max());  // equal to no line
  all.insert(all.end(), target.begin(), target.end());
  std::vector<std::size_t> z(all.size());
  std::size_t left = 0;
  std::size_t right = 0;
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (i < right) z[i] = std::min(right - i, z[i - left]);
    while (i + z[i] < all.size() && all[z[i]] == all[i + z[i]]) ++z[i];
    if (i + z[i] > right) {
      left = i;
      right = i + z[i];
    }
  }
  z.erase(z.begin(), z.begin() + static_cast<std::ptrdiff_t>(block.size() + 1));
  return z;
}

std::vector<std::size_t> runs_up_to(const Ids& target, const Ids& block) {
  auto runs = runs_from({target.rbegin(), target.rend()}, {block.rbegin(), block.rend()});
  std::reverse(runs.begin(), runs.end());
  return runs;
}

std::vector<std::size_t> find_all(const Ids& target, const Ids& block) {
  std::vector<std::size_t> rows;
  const auto runs = runs_from(target, block);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (runs[i] == block.size()) rows.push_back(i);
  }
  return rows;
}

}  // namespace chatvim::patch
