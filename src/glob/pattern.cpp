// SPDX-License-Identifier: Apache-2.0
#include "chatvim/glob/pattern.hpp"

#include <algorithm>

#include "chatvim/glob/path.hpp"
#include "chatvim/glob/wildcard.hpp"

namespace chatvim::glob {

std::string plain_segment(std::string_view segment) {
  std::string out;
  for (std::size_t at = 0; at < segment.size(); ++at) {
    if (segment[at] == '\\' && at + 1 < segment.size()) ++at;
    out += segment[at];
  }
  return out;
}

Pattern read_pattern(std::string_view pattern, const std::string& folder) {
  Pattern out{pattern.starts_with('/') ? "/" : folder, {}};
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t end = std::min(pattern.find('/', at), pattern.size());
    const std::string_view segment = pattern.substr(at, end - at);
    at = end + 1;
    if (segment.empty() || segment == ".") continue;
    if (out.segments.empty() && !is_pattern(segment)) {
      out.folder = join(out.folder, plain_segment(segment));
    } else if (segment != "**" || out.segments.empty() || out.segments.back() != "**") {
      out.segments.emplace_back(segment);
    }
  }
  // Folders are not embedded by a pattern, all files in them are.
  if (!out.segments.empty() && out.segments.back() == "**") out.segments.emplace_back("*");
  return out;
}

}  // namespace chatvim::glob
