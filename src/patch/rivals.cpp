// SPDX-License-Identifier: Apache-2.0
#include "rivals.hpp"

namespace chatvim::patch {
namespace {

/// Whether a row from which on all lines up to the last row are in the block, in order, can be that
/// of the block's first line.
bool has_other_start(const Ids& target, const Ids& block, const Ends& ends,
                     const RivalEnds& others) {
  std::size_t at = block.size() - 1;  // the block's lines from here on are used
  for (std::size_t row = ends.last; row-- > 0;) {
    if (row != ends.first && others.starts.runs[row] >= others.least_run) return true;
    do {
      if (--at == 0) return false;
    } while (block[at] != target[row]);
  }
  return false;
}

/// The same for the other end.
bool has_other_stop(const Ids& target, const Ids& block, const Ends& ends,
                    const RivalEnds& others) {
  std::size_t at = 0;
  for (std::size_t row = ends.first + 1; row < target.size(); ++row) {
    if (row != ends.last && others.stops.runs[row] >= others.least_run) return true;
    do {
      if (++at + 1 >= block.size()) return false;
    } while (block[at] != target[row]);
  }
  return false;
}

/// Whether the block could be inserted between two lines elsewhere.
bool has_other_gap(const Ends& ends, const RivalEnds& others) {
  const auto& starts = others.starts.runs;
  const auto& stops = others.stops.runs;
  const std::size_t least = others.least_run;
  // A run of lines that ends at a row begins above it.
  for (std::size_t row = 0; row + 2 * least <= starts.size(); ++row) {
    const std::size_t stop = row + 2 * least - 1;
    const bool is_other = row != ends.first || stop != ends.last;
    if (is_other && starts[row] >= least && stops[stop] >= least) return true;
  }
  return false;
}

}  // namespace

bool has_rival(const Ids& target, const Ids& block, const Ends& ends, const RivalEnds& others) {
  if (block.size() < 2) return false;
  return has_other_start(target, block, ends, others) ||
         has_other_stop(target, block, ends, others) ||
         (others.starts.count > 1 && others.stops.count > 1 && has_other_gap(ends, others));
}

}  // namespace chatvim::patch
