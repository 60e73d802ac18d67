// SPDX-License-Identifier: Apache-2.0
#include "answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "units.hpp"

namespace chatvim::testing {
namespace {

std::size_t row_before(std::size_t row, std::size_t context) {
  return row - std::min(row, context);
}

std::size_t row_after(const SourceLines& source, std::size_t row, std::size_t context) {
  return std::min(row + context, source.size());
}

/// Edits whose lines with context touch.
using Group = std::vector<SourceEdit>;

std::vector<Group> groups_of(const std::vector<SourceEdit>& edits, std::size_t context) {
  std::vector<Group> groups;
  for (const SourceEdit& edit : edits) {
    if (groups.empty() || edit.first > groups.back().back().last + 2 * context)
      groups.emplace_back();
    groups.back().push_back(edit);
  }
  return groups;
}

void add_hunk_lines(SourceLines& lines, const SourceLines& source, std::size_t first,
                    std::size_t last, char mark) {
  for (std::size_t row = first; row < last; ++row) lines.push_back(mark + source[row]);
}

std::string white_of(const std::string& line) {
  return line.substr(0, std::min(line.find_first_not_of(" \t"), line.size()));
}

/// Returns the white space that all lines that are not blank begin with.
std::string shared_white(const SourceLines& lines) {
  std::string shared;
  bool any = false;
  for (const std::string& line : lines) {
    const std::string white = white_of(line);
    if (white.size() == line.size()) continue;
    if (!any || white.size() < shared.size()) shared = white;
    any = true;
  }
  return shared;
}

}  // namespace

WrittenBlock write_whole(const SourceLines& source, const std::vector<SourceEdit>& edits) {
  return {patch::Kind::kText, apply_edits(source, edits, 0, source.size())};
}

WrittenBlock write_fragment(const SourceLines& source, const std::vector<SourceEdit>& edits,
                            std::size_t context) {
  return {patch::Kind::kText, apply_edits(source, edits, row_before(edits.front().first, context),
                                          row_after(source, edits.back().last, context))};
}

WrittenBlock write_unit(const SourceLines& source, const std::vector<SourceEdit>& edits) {
  const auto unit = unit_around(source, edits.front().first, edits.back().last);
  REQUIRE(unit.has_value());
  return {patch::Kind::kText, apply_edits(source, edits, unit->first, unit->last)};
}

WrittenBlock write_pieces(const SourceLanguage& language, const SourceLines& source,
                          const std::vector<SourceEdit>& edits, std::size_t context) {
  WrittenBlock block;
  for (const Group& group : groups_of(edits, context)) {
    const std::size_t first = row_before(group.front().first, context);
    if (first > 0) block.lines.push_back(white_of(source[first]) + language.omission);
    const SourceLines piece = write_fragment(source, group, context).lines;
    block.lines.insert(block.lines.end(), piece.begin(), piece.end());
  }
  if (edits.back().last + context < source.size()) block.lines.push_back(language.omission);
  return block;
}

WrittenBlock write_diff(const SourceLines& source, const std::vector<SourceEdit>& edits,
                        std::size_t context, std::ptrdiff_t shift, bool counts) {
  WrittenBlock block{patch::Kind::kDiff, {"--- a/file", "+++ b/file"}};
  std::ptrdiff_t growth = 0;
  for (const Group& group : groups_of(edits, context)) {
    const std::size_t first = row_before(group.front().first, context);
    const std::size_t last = row_after(source, group.back().last, context);
    const std::size_t added = apply_edits(source, group, first, last).size();
    const std::size_t wrong = counts ? 0 : 2;
    const auto start = static_cast<std::ptrdiff_t>(first) + 1 + shift;
    block.lines.push_back(fmt::format("@@ -{},{} +{},{} @@", std::max<std::ptrdiff_t>(start, 1),
                                      last - first + wrong,
                                      std::max<std::ptrdiff_t>(start + growth, 1), added + wrong));
    growth += static_cast<std::ptrdiff_t>(added) - static_cast<std::ptrdiff_t>(last - first);
    std::size_t row = first;
    for (const SourceEdit& edit : group) {
      add_hunk_lines(block.lines, source, row, edit.first, ' ');
      add_hunk_lines(block.lines, source, edit.first, edit.last, '-');
      for (const std::string& line : edit.lines) block.lines.push_back('+' + line);
      row = edit.last;
    }
    add_hunk_lines(block.lines, source, row, last, ' ');
  }
  // Models leave out the space of a blank context line.
  if (!counts)
    std::replace(block.lines.begin(), block.lines.end(), std::string(" "), std::string());
  return block;
}

WrittenBlock write_shifted(const SourceLanguage& language, const SourceLines& source,
                           const std::vector<SourceEdit>& edits, std::size_t context, bool deeper) {
  WrittenBlock block = write_fragment(source, edits, context);
  const std::size_t shared = shared_white(block.lines).size();
  for (std::string& line : block.lines) {
    if (white_of(line).size() == line.size()) {
      continue;
    }
    line = deeper ? language.indent + line : line.substr(shared);
  }
  return block;
}

bool shows(const SourceLines& source, const SourceEdit& edit, std::size_t context) {
  if (edit.first == 0 || edit.last == source.size()) return false;
  const auto is_blank = [](const std::string& line) { return line.empty(); };
  const auto row = [&](std::size_t at) { return source.begin() + static_cast<std::ptrdiff_t>(at); };
  const bool has_context =
      context == 0 ||
      (!std::all_of(row(row_before(edit.first, context)), row(edit.first), is_blank) &&
       !std::all_of(row(edit.last), row(row_after(source, edit.last, context)), is_blank));
  if (!has_context) return false;
  if (!edit.lines.empty()) return true;
  std::size_t up = 0;
  while (up < context && up < edit.first &&
         source[edit.first - 1 - up] == source[edit.last - 1 - up]) {
    ++up;
  }
  std::size_t down = 0;
  while (down < context && edit.last + down < source.size() &&
         source[edit.first + down] == source[edit.last + down]) {
    ++down;
  }
  return up < context && down < context;
}

std::string joined_lines(const SourceLines& lines) {
  return fmt::format("{}", fmt::join(lines, "\n"));
}

SourceLines apply_found(const SourceLines& source, const std::vector<patch::Edit>& edits) {
  std::vector<SourceEdit> all;
  std::size_t last = 0;
  for (const patch::Edit& edit : edits) {
    REQUIRE(edit.first >= last);
    REQUIRE(edit.last >= edit.first);
    REQUIRE(edit.last <= source.size());
    last = edit.last;
    all.push_back({edit.first, edit.last, edit.lines});
  }
  return apply_edits(source, all, 0, source.size());
}

}  // namespace chatvim::testing
