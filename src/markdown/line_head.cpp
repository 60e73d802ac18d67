// SPDX-License-Identifier: Apache-2.0
#include "line_head.hpp"

#include <algorithm>

#include "characters.hpp"
#include "chatvim/text/lines.hpp"

namespace chatvim::markdown {

namespace {

using Kind = LineHead::Kind;

constexpr std::string_view kWhiteSpace = " \t\r";

/// Returns `kind` if all of the line is known, and that more must be known if not.
LineHead at_end(Kind kind, bool complete, std::size_t size = 0) {
  if (!complete) return {};
  return {kind, size};
}

LineHead read_heading(std::string_view text, bool complete) {
  constexpr std::string_view kDelimiterBeginning = "# === ";
  const std::size_t level = run_length(text);
  if (level > 6) return {Kind::kText};
  if (level == text.size()) return at_end(Kind::kHeading, complete);
  if (!is_space(text[level])) return {Kind::kText};
  if (text.starts_with(kDelimiterBeginning)) return {Kind::kDelimiter};
  const bool may_be = !complete && kDelimiterBeginning.starts_with(text);
  return {may_be ? Kind::kUndecided : Kind::kHeading};
}

LineHead read_fence(std::string_view text, bool complete) {
  const std::size_t length = run_length(text);
  if (length < 3)
    return length < text.size() ? LineHead{Kind::kText} : at_end(Kind::kText, complete);
  const bool is_span = text[0] == '`' && text.find('`', length) != std::string_view::npos;
  if (is_span || text.size() > kMostHeld) return {Kind::kText};
  return at_end(Kind::kFence, complete);
}

/// Whether the text consists of one character, three times or more, and white space.
bool repeats_thrice(std::string_view text) {
  const auto count = static_cast<std::size_t>(std::count(text.begin(), text.end(), text[0]));
  return count >= 3;
}

/// Reads a line that begins with `-`, `*`, `+` or `_`: a rule, an item or text.
LineHead read_bullet(std::string_view text, bool complete, std::size_t indentation) {
  const bool uniform = std::all_of(text.begin(), text.end(), [&](char character) {
    return character == text[0] || is_space(character);
  });
  if (uniform && !complete && text.size() < kMostHeld) return {};
  if (uniform && repeats_thrice(text)) return {Kind::kRule};
  if (text[0] == '_') return {Kind::kText};
  if (text.size() == 1) return {Kind::kItem, indentation + 1};
  if (!is_space(text[1])) return {Kind::kText};
  return {Kind::kItem, indentation + 1};
}

LineHead read_number(std::string_view text, bool complete, std::size_t indentation) {
  constexpr std::size_t kLongestNumber = 9;
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits > kLongestNumber) return {Kind::kText};
  if (digits == text.size()) return at_end(Kind::kText, complete);
  if (text[digits] != '.' && text[digits] != ')') return {Kind::kText};
  const std::size_t size = indentation + digits + 1;
  if (digits + 1 == text.size()) return at_end(Kind::kItem, complete, size);
  return is_space(text[digits + 1]) ? LineHead{Kind::kItem, size} : LineHead{Kind::kText};
}

}  // namespace

std::size_t run_length(std::string_view text) {
  return text.empty() ? 0 : std::min(text.find_first_not_of(text[0]), text.size());
}

LineHead read_line_head(std::string_view beginning, bool complete) {
  const std::size_t indentation = beginning.find_first_not_of(kWhiteSpace);
  if (indentation == std::string_view::npos) {
    const bool is_long = !complete && beginning.size() > kMostHeld;
    return is_long ? LineHead{Kind::kText} : at_end(Kind::kBlank, complete);
  }
  std::string_view text = beginning.substr(indentation);
  if (complete) text = text::trim_end(text);
  switch (text[0]) {
    case '#':
      return read_heading(text, complete);
    case '`':
    case '~':
      return read_fence(text, complete);
    case '>':
      return {Kind::kQuote, indentation + 1};
    case '-':
    case '*':
    case '+':
    case '_':
      return read_bullet(text, complete, indentation);
    default:
      return text[0] >= '0' && text[0] <= '9' ? read_number(text, complete, indentation)
                                              : LineHead{Kind::kText};
  }
}

bool closes_fence(std::string_view line, char character, std::size_t length) {
  const std::string_view text = text::trim(line);
  return !text.empty() && text[0] == character && text.size() >= length &&
         run_length(text) == text.size();
}

}  // namespace chatvim::markdown
