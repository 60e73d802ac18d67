// SPDX-License-Identifier: Apache-2.0
#include "align.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace chatvim::patch {
namespace {

using Span = std::span<const std::uint32_t>;

/// Where a line stands, if it stands there once.
struct Sighting {
  std::size_t count = 0;
  std::size_t row = 0;
};

std::unordered_map<std::uint32_t, Sighting> sightings(Span lines) {
  std::unordered_map<std::uint32_t, Sighting> found;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    Sighting& one = found[lines[i]];
    ++one.count;
    one.row = i;
  }
  return found;
}

using Pair = std::pair<std::size_t, std::size_t>;  // rows of the target and of the block

/// Returns the pairs of lines that both have once, in the order of the block.
std::vector<Pair> unique_pairs(Span target, Span block) {
  const auto in_target = sightings(target);
  const auto in_block = sightings(block);
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < block.size(); ++i) {
    const auto there = in_target.find(block[i]);
    if (there == in_target.end() || there->second.count != 1) continue;
    if (in_block.at(block[i]).count == 1) pairs.emplace_back(there->second.row, i);
  }
  return pairs;
}

/// Returns the longest part of the pairs in which rows of the target ascend too.
std::vector<Pair> longest_ascending(const std::vector<Pair>& pairs) {
  std::vector<std::size_t> tails;  // indexes of pairs that end the best part of each length
  constexpr auto kNone = static_cast<std::size_t>(-1);
  std::vector<std::size_t> before(pairs.size(), kNone);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto at = std::lower_bound(
        tails.begin(), tails.end(), pairs[i].first,
        [&](std::size_t tail, std::size_t row) { return pairs[tail].first < row; });
    if (at != tails.begin()) before[i] = *(at - 1);
    if (at == tails.end()) {
      tails.push_back(i);
    } else {
      *at = i;
    }
  }
  std::vector<Pair> chain;
  for (std::size_t at = tails.empty() ? kNone : tails.back(); at != kNone; at = before[at]) {
    chain.push_back(pairs[at]);
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
}

/// Shrinks a change by the lines at its ends that are equal.
void shrink(Change& change, Span target, Span block) {
  while (change.first < change.last && change.block_first < change.block_last &&
         target[change.first] == block[change.block_first]) {
    ++change.first;
    ++change.block_first;
  }
  while (change.first < change.last && change.block_first < change.block_last &&
         target[change.last - 1] == block[change.block_last - 1]) {
    --change.last;
    --change.block_last;
  }
}

/// Adds a change unless nothing is left of it.
void add_change(std::vector<Change>& changes, Change change, Span target, Span block) {
  shrink(change, target, block);
  if (change.removed() > 0 || change.added() > 0) changes.push_back(change);
}

}  // namespace

std::vector<Change> align(Span target, Span block) {
  std::vector<Change> changes;
  // Equal lines at the ends are kept in any case.
  Change rest{0, target.size(), 0, block.size()};
  shrink(rest, target, block);
  const std::size_t offset = rest.first;  // of both
  const auto pairs = longest_ascending(
      unique_pairs(target.subspan(offset, rest.removed()), block.subspan(offset, rest.added())));
  for (const auto& pair : pairs) {
    const std::size_t row = offset + pair.first;
    const std::size_t block_row = offset + pair.second;
    add_change(changes, {rest.first, row, rest.block_first, block_row}, target, block);
    rest.first = row + 1;
    rest.block_first = block_row + 1;
  }
  add_change(changes, rest, target, block);
  return changes;
}

}  // namespace chatvim::patch
