// SPDX-License-Identifier: Apache-2.0
#include "chatvim/settings/near.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>

namespace chatvim::settings {
namespace {

constexpr int kFar = 3;
constexpr std::size_t kLongest = 40;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool is_near(std::string_view a, std::string_view b) { return near_distance(a, b) < kFar; }

int near_distance(std::string_view a, std::string_view b) {
  const std::size_t difference = std::max(a.size(), b.size()) - std::min(a.size(), b.size());
  if (difference >= static_cast<std::size_t>(kFar)) return kFar;
  if (b.size() > kLongest) return kFar;

  using Row = std::array<int, kLongest + 1>;
  Row before{};  // the row before the last one, for swaps
  Row last{};
  Row row{};
  std::iota(last.begin(), last.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                           lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return std::min(last[b.size()], kFar);
}

}  // namespace chatvim::settings
