// SPDX-License-Identifier: Apache-2.0
#include "ends.hpp"

#include <algorithm>

#include "chatvim/text/lines.hpp"
#include "line_kind.hpp"

namespace chatvim::patch {
namespace {

/// Lines in a row that no other place shares.
constexpr std::size_t kProof = 3;

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

End find_end(const std::vector<std::size_t>& runs,
             const std::function<bool(std::size_t)>& is_unique) {
  End end;
  std::size_t second = 0;
  for (std::size_t row = 0; row < runs.size(); ++row) {
    if (runs[row] == 0) continue;
    ++end.count;
    if (runs[row] > end.run) {
      second = end.run;
      end.run = runs[row];
      end.row = row;
    } else {
      second = std::max(second, runs[row]);
    }
  }
  if (end.count == 0) return end;
  const bool has_unique =
      is_unique(0) || (end.run > 1 && is_unique(1)) || (end.run > 2 && is_unique(2));
  const bool is_proof = end.run >= kProof && (second <= 1 || (second <= 2 && has_unique));
  end.state = end.count == 1 || is_proof ? End::State::kFound : End::State::kAmbiguous;
  return end;
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

std::optional<std::size_t> end_of_unit(const Compared& compared, std::size_t row,
                                       std::size_t block_first, std::size_t block_last) {
  const auto& lines = compared.block_lines;
  const bool fits = is_closer(lines[block_last - 1]) && is_unit(compared, block_first, block_last);
  if (!fits) return std::nullopt;
  const Lines& target = *compared.target_lines;
  const std::size_t indentation = indentation_of(lines[block_first]).size();
  std::size_t at = row + 1;
  if (at < target.size() && is_bare_opener(target[at])) ++at;
  while (at < target.size() && is_deeper(target[at], indentation)) ++at;
  const bool ends_alike =
      at < target.size() && compared.target[at] == compared.block[block_last - 1];
  return ends_alike ? std::optional(at) : std::nullopt;
}

}  // namespace chatvim::patch
