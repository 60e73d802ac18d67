// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace chatvim::patch {

/// The rows of a target at which a hunk can be applied, at least one, ascending.
struct Candidate {
  std::vector<std::size_t> rows;
  /// What it changes, without the context at its ends, in rows from its own.
  std::size_t core_first = 0;
  std::size_t core_last = 0;
  /// What its header says.
  std::optional<std::size_t> old_start;
  std::optional<std::size_t> new_start;
  bool counts_are_right = false;
  std::ptrdiff_t growth = 0;  ///< lines that it adds, less those that it removes
};

/// The row of each hunk, and the order of hunks by it.
struct ChosenRows {
  std::vector<std::size_t> rows;
  std::vector<std::size_t> order;
};

/// Chooses a row for each hunk. Changes ascend and do not overlap; if that leaves a choice, the
/// numbers in the headers decide, provided that all counts are right and the numbers of the hunks
/// that have one candidate, of which there must be one. The error is a clause.
tl::expected<ChosenRows, std::string> choose_rows(std::vector<Candidate> hunks);

}  // namespace chatvim::patch
