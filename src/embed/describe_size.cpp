// SPDX-License-Identifier: Apache-2.0
#include "chatvim/embed/describe_size.hpp"

#include <fmt/format.h>

#include <string_view>

namespace chatvim::embed {

std::string describe_size(std::uint64_t bytes) {
  constexpr std::uint64_t kKibi = 1024;
  if (bytes < kKibi) return fmt::format("{} {}", bytes, bytes == 1 ? "byte" : "bytes");
  const bool large = bytes >= kKibi * kKibi;
  const std::uint64_t unit = large ? kKibi * kKibi : kKibi;
  const std::string_view name = large ? "MiB" : "KiB";
  if (bytes % unit == 0) return fmt::format("{} {}", bytes / unit, name);
  // Round up, so that a size over a limit is never shown as the limit.
  const std::uint64_t tenths = (bytes * 10 + unit - 1) / unit;
  return fmt::format("{}.{} {}", tenths / 10, tenths % 10, name);
}

}  // namespace chatvim::embed
