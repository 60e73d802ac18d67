// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/environment.hpp"
#include "chatvim/error.hpp"

namespace chatvim::embed {

/// A range of lines, counted from 1, including the last; not validated.
struct LineRange {
  std::size_t first = 0;
  std::size_t last = 0;
};

/// One interpretation of a target.
struct Candidate {
  std::string path;  ///< absolute if the folder passed to `read_target` is
  std::optional<LineRange> range;
};

/// A parsed target.
struct Target {
  std::string address;                ///< URL of a picture (https); empty for a path
  std::vector<Candidate> candidates;  ///< in order; the first that exists is used
  /// The path as a pattern, with the values of variables escaped; empty if it has no wildcards.
  std::string pattern;
  /// The path up to a `#` that is not followed by a line range; empty if there is none.
  std::string without_fragment;
  std::string problem;  ///< the error to report if no candidate exists
};

/// Parses a target: a URL or a path, with `~`, variables, `%20` and `#L10-L40`. The messages of
/// errors are clauses and do not reveal the values of variables.
Result<Target> read_target(std::string_view written, const std::string& folder,
                           const Environment& environment);

}  // namespace chatvim::embed
