// SPDX-License-Identifier: Apache-2.0
#include "reindent.hpp"

#include <algorithm>

#include "chatvim/text/lines.hpp"
#include "line_kind.hpp"

namespace chatvim::patch {
namespace {

constexpr std::size_t kWidestTab = 8;

/// Whether lines are indented with this character, and with nothing else. The stars of a C comment
/// are behind a space anyway.
bool indents_only_with(const Lines& lines, char character) {
  bool any = false;
  for (const std::string_view line : lines) {
    const std::string_view white = indentation_of(line);
    if (white.empty() || white.size() == line.size()) continue;
    if (white.back() == ' ' && line.substr(white.size()).starts_with('*')) continue;
    if (white.find_first_not_of(character) != std::string_view::npos) return false;
    any = true;
  }
  return any;
}

/// Returns the smallest indentation of lines with words that have some; 0 if none has.
std::size_t first_level(const Lines& lines) {
  std::size_t least = 0;
  for (const std::string_view line : lines) {
    const std::size_t size = indentation_of(line).size();
    if (size > 0 && has_words(line) && (least == 0 || size < least)) least = size;
  }
  return least;
}

/// Returns the lines from an index on.
Lines tail(const Lines& lines, std::size_t from) {
  return {lines.begin() + static_cast<std::ptrdiff_t>(std::min(from, lines.size())), lines.end()};
}

}  // namespace

std::vector<std::string> with_tabs_of(const Lines& target, const Lines& block) {
  std::vector<std::string> out(block.begin(), block.end());
  if (!common_indentation(block).empty()) return out;
  const bool to_tabs = indents_only_with(target, '\t') && indents_only_with(block, ' ');
  const bool to_spaces = indents_only_with(target, ' ') && indents_only_with(block, '\t');
  const std::size_t width = first_level(to_tabs ? block : target);
  if ((!to_tabs && !to_spaces) || width < 2 || width > kWidestTab) return out;
  for (std::string& line : out) {
    const std::size_t size = indentation_of(line).size();
    if (size == line.size()) continue;
    // Spaces that are no whole tab align something.
    const std::string white = to_tabs
                                  ? std::string(size / width, '\t') + std::string(size % width, ' ')
                                  : std::string(size * width, ' ');
    line.replace(0, size, white);
  }
  return out;
}

std::vector<std::string> with_indentation_of(const Lines& quoted, const Lines& block) {
  std::vector<std::string> out(block.begin(), block.end());
  const auto first = std::find_if(quoted.begin(), quoted.end(), has_words);
  const auto own = std::find_if(block.begin(), block.end(), has_words);
  if (first == quoted.end() || own == block.end()) return out;
  const auto at = static_cast<std::size_t>(own - block.begin());
  const std::string_view wanted = indentation_of(*first);
  const std::string_view white = indentation_of(*own);
  if (white.size() >= wanted.size() || !wanted.starts_with(white)) return out;
  const std::string missing(wanted.substr(white.size()));
  const std::string rest = common_indentation(tail(block, at + 1));
  const std::string quoted_rest =
      common_indentation(tail(quoted, static_cast<std::size_t>(first - quoted.begin()) + 1));
  const bool is_first_alone =
      !rest.empty() && !quoted_rest.empty() && rest.size() >= quoted_rest.size();
  for (std::size_t i = at; i < (is_first_alone ? at + 1 : out.size()); ++i) {
    if (!text::is_blank(out[i])) out[i].insert(0, missing);
  }
  return out;
}

}  // namespace chatvim::patch
