// SPDX-License-Identifier: Apache-2.0
#include "hunk_order.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace chatvim::patch {
namespace {

using Rows = std::vector<std::size_t>;

bool has_one_row(const Candidate& hunk) { return hunk.rows.size() == 1; }

/// Whether a hunk at `row` changes lines before those that the next one changes at `next_row`. Two
/// insertions at one place have no order.
bool precedes(const Candidate& hunk, std::size_t row, const Candidate& next, std::size_t next_row) {
  const std::size_t end = row + hunk.core_last;
  const std::size_t begin = next_row + next.core_first;
  const bool both_insert =
      hunk.core_first == hunk.core_last && next.core_first == next.core_last && end == begin;
  return end <= begin && !both_insert;
}

/// Returns the first possible row of each hunk, or nothing if they cannot be in order.
std::optional<Rows> first_rows(const std::vector<Candidate>& hunks) {
  Rows rows;
  for (std::size_t i = 0; i < hunks.size(); ++i) {
    const auto& all = hunks[i].rows;
    const auto found = std::find_if(all.begin(), all.end(), [&](std::size_t row) {
      return i == 0 || precedes(hunks[i - 1], rows.back(), hunks[i], row);
    });
    if (found == all.end()) return std::nullopt;
    rows.push_back(*found);
  }
  return rows;
}

/// Returns the last possible row of each hunk.
Rows last_rows(const std::vector<Candidate>& hunks) {
  Rows rows(hunks.size());
  for (std::size_t i = hunks.size(); i-- > 0;) {
    const auto& all = hunks[i].rows;
    const auto found = std::find_if(all.rbegin(), all.rend(), [&](std::size_t row) {
      return i + 1 == hunks.size() || precedes(hunks[i], row, hunks[i + 1], rows[i + 1]);
    });
    rows[i] = found == all.rend() ? all.front() : *found;
  }
  return rows;
}

/// Returns the row that a hunk's header names.
std::optional<std::size_t> row_of_number(const Candidate& hunk) {
  if (!hunk.old_start || *hunk.old_start == 0) return std::nullopt;
  const std::size_t row = *hunk.old_start - 1;
  const bool fits = std::binary_search(hunk.rows.begin(), hunk.rows.end(), row);
  return fits ? std::optional(row) : std::nullopt;
}

/// Whether the headers can only have been written by a program that compared this very text.
bool are_numbers_right(const std::vector<Candidate>& hunks) {
  std::ptrdiff_t growth = 0;
  for (const Candidate& hunk : hunks) {
    if (!hunk.counts_are_right || !hunk.new_start || !row_of_number(hunk)) return false;
    const auto wanted = static_cast<std::ptrdiff_t>(*hunk.old_start) + growth;
    if (static_cast<std::ptrdiff_t>(*hunk.new_start) != wanted) return false;
    growth += hunk.growth;
  }
  return std::any_of(hunks.begin(), hunks.end(), has_one_row);
}

/// Whether the numbers in the headers ascend, as far as there are any.
bool are_in_order(const std::vector<Candidate>& hunks) {
  std::size_t last = 0;
  for (const Candidate& hunk : hunks) {
    if (hunk.old_start && *hunk.old_start < last) return false;
    last = hunk.old_start.value_or(last);
  }
  return true;
}

/// Hunks that have one candidate each may come in any order.
tl::expected<ChosenRows, std::string> order_unique(const std::vector<Candidate>& hunks) {
  ChosenRows chosen;
  for (const Candidate& hunk : hunks) chosen.rows.push_back(hunk.rows.front());
  chosen.order.resize(hunks.size());
  std::iota(chosen.order.begin(), chosen.order.end(), std::size_t{0});
  const auto begin_of = [&](std::size_t i) { return hunks[i].rows.front() + hunks[i].core_first; };
  std::stable_sort(chosen.order.begin(), chosen.order.end(),
                   [&](std::size_t a, std::size_t b) { return begin_of(a) < begin_of(b); });
  for (std::size_t i = 1; i < chosen.order.size(); ++i) {
    const std::size_t a = chosen.order[i - 1];
    const std::size_t b = chosen.order[i];
    if (!precedes(hunks[a], chosen.rows[a], hunks[b], chosen.rows[b])) {
      return tl::unexpected(std::string("two hunks change the same lines"));
    }
  }
  return chosen;
}

}  // namespace

tl::expected<ChosenRows, std::string> choose_rows(std::vector<Candidate> hunks) {
  if (std::all_of(hunks.begin(), hunks.end(), has_one_row)) return order_unique(hunks);
  const tl::unexpected<std::string> unclear("the old lines of a hunk stand in it more than once");
  if (are_numbers_right(hunks)) {
    for (Candidate& hunk : hunks) hunk.rows = {*row_of_number(hunk)};
    return order_unique(hunks);
  }
  const auto rows = are_in_order(hunks) ? first_rows(hunks) : std::nullopt;
  if (!rows || *rows != last_rows(hunks)) return unclear;
  for (std::size_t i = 0; i < hunks.size(); ++i) hunks[i].rows = {(*rows)[i]};
  return order_unique(hunks);
}

}  // namespace chatvim::patch
