// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace chatvim::glob {

/// A pattern of paths: a folder, and below it components of which the first has a wildcard.
struct Pattern {
  std::string folder;                 ///< as in the pattern, not resolved
  std::vector<std::string> segments;  ///< `**` alone stands for any number of folders
};

/// Takes a pattern apart, seen from a folder where it is not absolute.
Pattern read_pattern(std::string_view pattern, const std::string& folder);

/// A component without the backslashes that take the meaning from characters.
std::string plain_segment(std::string_view segment);

}  // namespace chatvim::glob
