// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace chatvim::glob {

/// A path pattern: a folder, and the components below it, the first of which has a wildcard.
struct Pattern {
  std::string folder;                 ///< as written in the pattern, not resolved
  std::vector<std::string> segments;  ///< a `**` segment matches any number of folders
};

/// Splits a pattern, which is relative to `folder` unless it is absolute.
Pattern read_pattern(std::string_view pattern, const std::string& folder);

/// Returns a component without the backslashes that escape characters.
std::string plain_segment(std::string_view segment);

}  // namespace chatvim::glob
