// SPDX-License-Identifier: Apache-2.0
#include "units.hpp"

#include <algorithm>
#include <string_view>

namespace chatvim::testing {
namespace {

std::size_t depth_of(std::string_view line) {
  return std::min(line.find_first_not_of(" \t"), line.size());
}

bool is_blank(std::string_view line) { return depth_of(line) == line.size(); }

bool is_closing(std::string_view line) {
  const std::string_view text = line.substr(depth_of(line));
  return text.starts_with('}') || text.starts_with(')') || text.starts_with("end");
}

/// Whether a function begins at this row. In C it is told by the brace after a line that is not
/// indented.
bool is_head(const SourceLines& source, std::size_t row) {
  const std::string_view line = source[row];
  const std::string_view text = line.substr(depth_of(line));
  for (const std::string_view word : {"def ", "async def ", "function ", "local function ", "func ",
                                      "fn ", "pub fn ", "pub(crate) fn "}) {
    if (text.starts_with(word)) return true;
  }
  if (text.empty() || depth_of(line) > 0 || is_closing(line)) return false;
  const bool opens_below = row + 1 < source.size() && source[row + 1] == "{";
  return text.find('(') != std::string_view::npos && (text.ends_with('{') || opens_below);
}

/// Returns the row after the unit that begins at `head`.
std::size_t end_of(const SourceLines& source, std::size_t head) {
  const std::size_t depth = depth_of(source[head]);
  std::size_t row = head + 1;
  if (row < source.size() && source[row] == "{") ++row;
  std::size_t end = row;
  for (; row < source.size(); ++row) {
    if (is_blank(source[row])) continue;
    if (depth_of(source[row]) <= depth) break;
    end = row + 1;
  }
  const bool closes =
      row < source.size() && depth_of(source[row]) == depth && is_closing(source[row]);
  return closes ? row + 1 : end;
}

}  // namespace

std::optional<Unit> unit_around(const SourceLines& source, std::size_t first, std::size_t last) {
  for (std::size_t head = first; head-- > 0;) {
    if (!is_head(source, head)) continue;
    const std::size_t end = end_of(source, head);
    if (last < end) return Unit{head, end};
  }
  return std::nullopt;
}

}  // namespace chatvim::testing
