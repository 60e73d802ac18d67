// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "comparison.hpp"

namespace chatvim::patch {

/// Lines of a target that lines of a block replace; ends are exclusive.
struct Change {
  std::size_t first = 0;
  std::size_t last = 0;
  std::size_t block_first = 0;
  std::size_t block_last = 0;

  std::size_t removed() const { return last - first; }
  std::size_t added() const { return block_last - block_first; }
};

/// Returns the changes that make `block` of `target`, ascending, with an equal line between any two
/// (patience diff, one level: lines that both have once, and equal lines next to those). Rows count
/// from the spans' starts. Takes n log n time.
std::vector<Change> align(std::span<const std::uint32_t> target,
                          std::span<const std::uint32_t> block);

}  // namespace chatvim::patch
