// SPDX-License-Identifier: Apache-2.0
#include "rivals.hpp"

namespace chatvim::patch {
namespace {

/// Whether another row than `start` has the block's first line, so that all lines from there up to
/// `end` are in the block in order.
bool has_other_start(const Ids& target, const Ids& block, std::size_t start, std::size_t end) {
  std::size_t at = block.size() - 1;  // the block's lines from here on are used
  for (std::size_t row = end; row-- > 0;) {
    if (row != start && target[row] == block.front()) return true;
    do {
      if (--at == 0) return false;
    } while (block[at] != target[row]);
  }
  return false;
}

/// The same for the other end.
bool has_other_end(const Ids& target, const Ids& block, std::size_t start, std::size_t end) {
  std::size_t at = 0;
  for (std::size_t row = start + 1; row < target.size(); ++row) {
    if (row != end && target[row] == block.back()) return true;
    do {
      if (++at + 1 >= block.size()) return false;
    } while (block[at] != target[row]);
  }
  return false;
}

}  // namespace

bool has_rival(const Ids& target, const Ids& block, const End& start, const End& end) {
  if (block.size() < 2) return false;
  if (start.count > 1 && has_other_start(target, block, start.row, end.row)) return true;
  if (end.count > 1 && has_other_end(target, block, start.row, end.row)) return true;
  if (start.count == 1 || end.count == 1) return false;
  for (std::size_t row = 0; row + 1 < target.size(); ++row) {
    if (row != start.row && target[row] == block.front() && target[row + 1] == block.back()) {
      return true;
    }
  }
  return false;
}

}  // namespace chatvim::patch
