// SPDX-License-Identifier: Apache-2.0
#include "omissions.hpp"

#include <algorithm>
#include <optional>

#include "chatvim/text/lines.hpp"
#include "line_kind.hpp"

namespace chatvim::patch {
namespace {

/// Returns the nearest line with text before or after a row.
std::optional<std::string_view> neighbor(const Lines& lines, std::size_t row, int step) {
  for (std::size_t at = row; (step > 0 || at > 0) && (step < 0 || at + 1 < lines.size());) {
    at = step > 0 ? at + 1 : at - 1;
    if (!text::is_blank(lines[at])) return lines[at];
  }
  return std::nullopt;
}

/// Whether dots alone are all that a function or a class in Python has.
bool is_body(const Lines& block, std::size_t row) {
  if (text::trim(block[row]) != "...") return false;
  const auto above = neighbor(block, row, -1);
  const auto below = neighbor(block, row, 1);
  if (!above || !text::trim(*above).ends_with(':')) return false;
  return !below || indentation_of(*below).size() < indentation_of(block[row]).size();
}

/// Whether two lines of a block stand in the target, but never next to each other.
bool are_apart(const Lines& target, std::string_view above, std::string_view below) {
  bool has_above = false;
  bool has_below = false;
  std::string_view last;
  for (const std::string_view line : target) {
    const std::string_view text = text::trim(line);
    if (text.empty()) continue;
    has_above = has_above || text == text::trim(above);
    has_below = has_below || text == text::trim(below);
    if (last == text::trim(above) && text == text::trim(below)) return false;
    last = text;
  }
  return has_above && has_below;
}

bool is_left_out(const Lines& target, const Lines& block, std::size_t row) {
  const Omission kind = omission_of(block[row]);
  if (kind == Omission::kNone || is_body(block, row)) return false;
  if (kind == Omission::kDots) return true;
  const auto above = neighbor(block, row, -1);
  const auto below = neighbor(block, row, 1);
  return !above || !below || are_apart(target, *above, *below);
}

std::ptrdiff_t count(const Lines& lines, std::string_view line) {
  return std::count_if(lines.begin(), lines.end(), [&](std::string_view other) {
    return text::trim(other) == text::trim(line);
  });
}

}  // namespace

std::vector<bool> find_omissions(const Lines& target, const Lines& block) {
  std::vector<bool> omissions(block.size());
  for (std::size_t row = 0; row < block.size(); ++row) {
    omissions[row] = is_left_out(target, block, row);
  }
  return omissions;
}

bool has_new_omission(const Lines& target, const Lines& block, const std::vector<bool>& omissions) {
  for (std::size_t row = 0; row < block.size(); ++row) {
    if (omissions[row] && count(block, block[row]) > count(target, block[row])) return true;
  }
  return false;
}

}  // namespace chatvim::patch
