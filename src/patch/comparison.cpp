// SPDX-License-Identifier: Apache-2.0
#include "comparison.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "chatvim/text/lines.hpp"
#include "line_kind.hpp"

namespace chatvim::patch {
namespace {

constexpr std::array<std::size_t, 4> kTabWidths = {2, 3, 4, 8};
constexpr std::size_t kMostShifts = 12;

std::string spaces_for_tabs(std::string_view white, std::size_t width) {
  std::string out;
  for (const char c : white) out += c == '\t' ? std::string(width, ' ') : std::string(1, c);
  return out;
}

/// Returns nothing if the spaces are not a whole number of tabs.
std::optional<std::string> tabs_for_spaces(std::string_view white, std::size_t width) {
  if (white.find('\t') != std::string_view::npos || white.size() % width != 0) return std::nullopt;
  return std::string(white.size() / width, '\t');
}

/// Returns the indentations of a line's text in the target.
std::set<std::string_view> indentations_in(const Lines& target, std::string_view text) {
  std::set<std::string_view> found;
  for (const std::string_view line : target) {
    if (line.size() >= text.size() && text::trim(line) == text) found.insert(indentation_of(line));
  }
  return found;
}

/// Returns the shift between two indentations, if one begins with the other.
std::optional<Comparison> shift_between(std::string_view block, std::string_view target) {
  if (block == target) return std::nullopt;
  Comparison how{true};
  if (target.starts_with(block)) {
    how.add = target.substr(block.size());
    return how;
  }
  if (!block.starts_with(target)) return std::nullopt;
  how.remove = block.substr(target.size());
  return how;
}

void add_shifts(std::vector<Comparison>& all, const Lines& target, const Lines& block) {
  // A block that has kept some of its indentation says where it belongs.
  const bool is_deeper_allowed = common_indentation(block).empty();
  const auto first = std::find_if(block.begin(), block.end(), has_words);
  if (first == block.end()) return;
  const std::string_view own = indentation_of(*first);
  for (const std::string_view there : indentations_in(target, text::trim(*first))) {
    auto shift = shift_between(own, there);
    if (!shift || all.size() >= kMostShifts) continue;
    if (shift->add.empty() || is_deeper_allowed) all.push_back(std::move(*shift));
  }
}

bool indents_with_tabs(const Lines& lines) {
  return std::any_of(lines.begin(), lines.end(), [](auto line) { return line.starts_with('\t'); });
}
bool indents_with_spaces(const Lines& lines) {
  return std::any_of(lines.begin(), lines.end(), [](auto line) { return line.starts_with(' '); });
}

void add_tabs(std::vector<Comparison>& all, const Lines& target, const Lines& block) {
  const bool to_tabs = indents_with_tabs(target) && indents_with_spaces(block);
  const bool to_spaces = indents_with_spaces(target) && indents_with_tabs(block);
  for (const std::size_t width : kTabWidths) {
    if (to_tabs) all.push_back({true, "", "", width, true});
    if (to_spaces) all.push_back({true, "", "", width, false});
  }
}

/// Numbers lines.
class Numbers {
 public:
  std::uint32_t operator()(std::string_view line) {
    return known_.try_emplace(line, static_cast<std::uint32_t>(known_.size())).first->second;
  }
  void reserve(std::size_t count) { known_.reserve(count); }
  std::size_t size() const { return known_.size(); }

 private:
  std::unordered_map<std::string_view, std::uint32_t> known_;
};

}  // namespace

std::string common_indentation(const Lines& lines) {
  std::optional<std::string_view> common;
  for (const std::string_view line : lines) {
    if (!has_words(line)) continue;
    const std::string_view own = indentation_of(line);
    if (!common) common = own;
    const auto [end, ignored] =
        std::mismatch(common->begin(), common->end(), own.begin(), own.end());
    common = common->substr(0, static_cast<std::size_t>(end - common->begin()));
  }
  return std::string(common.value_or(""));
}

std::optional<std::string> Comparison::apply(std::string_view line) const {
  if (!shifts()) return std::string(line);
  if (text::is_blank(line)) return std::string(line);
  const std::string_view white = indentation_of(line);
  const std::string rest(line.substr(white.size()));
  if (tab_width > 0) {
    const auto changed = has_tabs ? tabs_for_spaces(white, tab_width)
                                  : std::optional(spaces_for_tabs(white, tab_width));
    return changed ? std::optional(*changed + rest) : std::nullopt;
  }
  if (!remove.empty()) {
    if (!line.starts_with(remove)) return std::nullopt;
    return std::string(line.substr(remove.size()));
  }
  return add + std::string(line);
}

std::vector<Comparison> comparisons(const Lines& target, const Lines& block) {
  std::vector<Comparison> all = {{false}, {true}};
  add_shifts(all, target, block);
  add_tabs(all, target, block);
  return all;
}

std::optional<Compared> compare(const Lines& target, const Lines& block, const Comparison& how) {
  Compared compared;
  compared.target_lines = &target;
  for (const std::string_view line : block) {
    auto written = how.apply(line);
    if (!written) return std::nullopt;
    compared.block_lines.push_back(std::move(*written));
  }
  const auto key = [&](std::string_view line) {
    return how.ignores_end ? text::trim_end(line) : line;
  };
  Numbers numbers;
  numbers.reserve(target.size() + block.size());
  compared.target.reserve(target.size());
  for (const std::string_view line : target) compared.target.push_back(numbers(key(line)));
  // Models leave out white space at the ends of lines. If they write some, it counts, unless the
  // target has that very line.
  const std::unordered_set<std::string_view> exact(target.begin(), target.end());
  for (const std::string& line : compared.block_lines) {
    const bool bare = text::trim_end(line).size() == line.size() || exact.count(line) > 0;
    compared.block.push_back(numbers(bare ? key(line) : std::string_view(line)));
  }
  compared.uses.resize(numbers.size());
  for (const std::uint32_t id : compared.target) ++compared.uses[id];
  return compared;
}

}  // namespace chatvim::patch
