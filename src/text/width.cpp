// SPDX-License-Identifier: Apache-2.0
#include "chatvim/text/width.hpp"

#include <utf8.h>

#include <algorithm>
#include <span>
#include <string>

#include "chatvim/text/utf8.hpp"
#include "width_table.hpp"

namespace chatvim::text {

namespace {

bool is_within(std::span<const CodeRange> ranges, char32_t character) {
  const auto* const begin = ranges.data();
  const auto* const end = begin + ranges.size();
  const auto* const range = std::lower_bound(
      begin, end, character, [](const CodeRange& one, char32_t code) { return one.last < code; });
  return range != end && range->first <= character;
}

}  // namespace

std::size_t cells_of(char32_t character) {
  if (character < 0x20 || (character >= 0x7F && character < 0xA0)) return 0;
  if (character < kZeroWidth.front().first) return 1;
  if (is_within(kZeroWidth, character)) return 0;
  return is_within(kWide, character) ? 2 : 1;
}

std::size_t cells_of(std::string_view utf8) {
  const std::string valid = replace_invalid_utf8(utf8);
  std::size_t cells = 0;
  for (auto it = valid.begin(); it != valid.end();) {
    cells += cells_of(static_cast<char32_t>(utf8::unchecked::next(it)));
  }
  return cells;
}

}  // namespace chatvim::text
