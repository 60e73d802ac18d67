// SPDX-License-Identifier: Apache-2.0
#include "ends.hpp"

#include <algorithm>
#include <utility>

#include "chatvim/text/lines.hpp"
#include "line_kind.hpp"

namespace chatvim::patch {
namespace {

/// Equal lines in a row that are enough even if other rows have as many.
constexpr std::size_t kStrongRun = 3;
/// More pairs than this are not told apart.
constexpr std::size_t kMostPairs = 32;

/// A line with nothing but an opening bracket, as some styles put it below a function's head.
bool is_bare_opener(std::string_view line) {
  line = text::trim(line);
  return line == "{" || line == "(" || line == "[";
}

/// Returns the index of the first line below the head of a unit.
std::size_t below_head(const std::vector<std::string>& lines, std::size_t first, std::size_t last) {
  return first + (first + 1 < last && is_bare_opener(lines[first + 1]) ? 2 : 1);
}

bool is_deeper(std::string_view line, std::size_t indentation) {
  return text::is_blank(line) || indentation_of(line).size() > indentation;
}

}  // namespace

EndRows end_rows(std::vector<std::size_t> runs) {
  EndRows rows;
  std::vector<std::size_t> all;
  for (std::size_t row = 0; row < runs.size(); ++row) {
    if (runs[row] > 0) all.push_back(row);
    if (runs[row] >= kStrongRun) rows.strong.push_back(row);
  }
  rows.count = all.size();
  if (rows.is_single()) rows.strong = std::move(all);
  rows.runs = std::move(runs);
  return rows;
}

std::vector<Ends> pair_ends(const EndRows& starts, const EndRows& ends, std::size_t block_size) {
  std::vector<Ends> pairs;
  for (const std::size_t first : starts.strong) {
    auto last = std::upper_bound(ends.strong.begin(), ends.strong.end(), first);
    for (; last != ends.strong.end() && *last < first + 2 * block_size; ++last) {
      pairs.push_back({first, *last, starts.runs[first], ends.runs[*last]});
      if (pairs.size() > kMostPairs) return pairs;
    }
  }
  return pairs;
}

bool is_unit(const Compared& compared, std::size_t block_first, std::size_t block_last) {
  const auto& lines = compared.block_lines;
  if (block_last - block_first < 2 || !has_words(lines[block_first])) return false;
  const std::size_t indentation = indentation_of(lines[block_first]).size();
  const bool closes = is_closer(lines[block_last - 1]);
  const std::size_t end = closes ? block_last - 1 : block_last;
  for (std::size_t i = below_head(lines, block_first, block_last); i < end; ++i) {
    if (!is_deeper(lines[i], indentation)) return false;
  }
  return !closes || indentation_of(lines[block_last - 1]).size() == indentation;
}

std::optional<std::size_t> end_of_unit(const Compared& compared, const EndRows& ends,
                                       std::size_t row, std::size_t block_first,
                                       std::size_t block_last) {
  const auto& lines = compared.block_lines;
  const bool fits = is_closer(lines[block_last - 1]) && is_unit(compared, block_first, block_last);
  if (!fits) return std::nullopt;
  const Lines& target = *compared.target_lines;
  const std::size_t indentation = indentation_of(lines[block_first]).size();
  std::size_t at = row + 1;
  if (at < target.size() && is_bare_opener(target[at])) ++at;
  while (at < target.size() && is_deeper(target[at], indentation)) ++at;
  if (at >= target.size() || compared.target[at] != compared.block[block_last - 1]) {
    return std::nullopt;
  }
  // If as many of its last lines stand further below, lines with an end may have been removed.
  const std::size_t end = std::min(target.size(), row + 2 * (block_last - block_first));
  const std::size_t run = std::max(ends.runs[at], kStrongRun);
  for (std::size_t other = at + 1; other < end; ++other) {
    if (ends.runs[other] >= run) return std::nullopt;
  }
  return at;
}

}  // namespace chatvim::patch
