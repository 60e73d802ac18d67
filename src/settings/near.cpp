// SPDX-License-Identifier: Apache-2.0
#include "chatvim/settings/near.hpp"

#include <algorithm>
#include <cstddef>

#include "chatvim/text/edits.hpp"

namespace chatvim::settings {
namespace {

constexpr int kFar = 3;
constexpr std::size_t kLongest = 40;

}  // namespace

bool is_near(std::string_view a, std::string_view b) { return near_distance(a, b) < kFar; }

int near_distance(std::string_view a, std::string_view b) {
  const std::size_t difference = std::max(a.size(), b.size()) - std::min(a.size(), b.size());
  if (difference >= static_cast<std::size_t>(kFar) || b.size() > kLongest) return kFar;
  return static_cast<int>(std::min(text::count_edits(a, b), static_cast<std::size_t>(kFar)));
}

}  // namespace chatvim::settings
