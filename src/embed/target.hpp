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

/// Lines of a file, from 1, the last one included; not checked.
struct LineRange {
  std::size_t first = 0;
  std::size_t last = 0;
};

/// One way to understand a target.
struct Candidate {
  std::string path;  ///< absolute where the folder that it is seen from is
  std::optional<LineRange> range;
};

/// A target as it was written, taken apart.
struct Target {
  std::string address;                ///< of a picture (https); empty: it is a path
  std::vector<Candidate> candidates;  ///< the first that exists is meant
  /// The path as a pattern, where it has characters of one; what variables gave is escaped.
  std::string pattern;
  /// The path up to a `#`, where there is one that does not say which lines.
  std::string without_fragment;
  std::string problem;  ///< why there are no other candidates, where none of these exists
};

/// Takes a target apart: address, path, `~`, variables, `%20`, `#L10-L40`. The messages of errors
/// are clauses; they do not tell what a variable holds.
Result<Target> read_target(std::string_view written, const std::string& folder,
                           const Environment& environment);

}  // namespace chatvim::embed
