// SPDX-License-Identifier: Apache-2.0
#include "block_start.hpp"

#include <algorithm>
#include <span>

#include "characters.hpp"
#include "chatvim/text/lines.hpp"
#include "html_block.hpp"
#include "line_head.hpp"

namespace chatvim::markdown {

namespace {

constexpr std::size_t kMostDigits = 9;
/// What lines of extensions begin with: blocks with a fence or a title, and formulas.
constexpr std::string_view kExtensionBeginnings[] = {":::", "!!!", "???", "$$", "\\["};

bool begins_with_any(std::string_view text, std::span<const std::string_view> beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [text](std::string_view one) { return text.starts_with(one); });
}

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::size_t next_column(char character, std::size_t column) {
  return character == '\t' ? column + 4 - column % 4 : column + 1;
}

/// Returns the line from its first character on, or nothing if it is indented like code or blank.
std::string_view outset(const BlockLine& line) {
  if (indentation_of(line) >= kCodeColumns) return {};
  return text::trim(line.text);
}

bool consists_of(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

/// Returns the size of the bullet or number that the text begins with, or 0.
std::size_t marker_size(std::string_view text) {
  if (text.empty()) return 0;
  if (text[0] == '-' || text[0] == '+' || text[0] == '*') return 1;
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || digits > kMostDigits || digits == text.size()) return 0;
  return text[digits] == '.' || text[digits] == ')' ? digits + 1 : 0;
}

}  // namespace

std::size_t indentation_of(const BlockLine& line) {
  std::size_t column = line.column;
  for (const char character : line.text) {
    if (!is_space(character)) break;
    column = next_column(character, column);
  }
  return column - line.column;
}

std::optional<BlockLine> strip(const BlockLine& line, std::size_t bytes, std::size_t columns) {
  std::size_t column = line.column;
  std::size_t at = 0;
  for (; at < bytes; ++at) column = next_column(line.text[at], column);
  const std::size_t goal = column + columns;
  while (column < goal && at < line.text.size()) column = next_column(line.text[at++], column);
  if (column > goal) return std::nullopt;
  return BlockLine{line.prefix + std::string(line.text.substr(0, at)), line.text.substr(at),
                   column};
}

std::optional<FenceStart> fence_start(const BlockLine& line) {
  const std::string_view text = outset(line);
  if (text.empty() || (text[0] != '`' && text[0] != '~')) return std::nullopt;
  const std::size_t length = run_length(text);
  if (length < 3) return std::nullopt;
  if (text[0] == '`' && text.find('`', length) != std::string_view::npos) return std::nullopt;
  return FenceStart{text[0], length};
}

std::optional<ItemStart> item_start(const BlockLine& line) {
  const std::string_view text = outset(line);
  const std::size_t size = marker_size(text);
  if (size == 0 || is_rule(line)) return std::nullopt;
  if (size < text.size() && !is_space(text[size])) return std::nullopt;
  ItemStart start;
  start.size = line.text.find(text[0]) + size;
  start.is_empty = size == text.size();
  const bool is_first = size == 1 || text.substr(0, size - 1) == "1";
  start.can_interrupt = is_first && !start.is_empty;
  const auto after = strip(line, start.size, 0);
  const std::size_t columns = after ? indentation_of(*after) : 1;
  // With more than four columns the item begins with indented code.
  start.columns = start.is_empty || columns > kCodeColumns ? 1 : columns;
  return start;
}

bool is_quote(const BlockLine& line) { return outset(line).starts_with('>'); }

bool is_rule(const BlockLine& line) {
  const std::string_view text = outset(line);
  if (text.empty() || !consists_of(text.substr(0, 1), "-*_")) return false;
  const char characters[] = {text[0], ' ', '\t'};
  return consists_of(text, {characters, sizeof characters}) &&
         std::count(text.begin(), text.end(), text[0]) >= 3;
}

bool is_heading(const BlockLine& line) {
  const std::string_view text = outset(line);
  if (!text.starts_with('#')) return false;
  const std::size_t level = run_length(text);
  return level <= 6 && (level == text.size() || is_space(text[level]));
}

bool is_underline(const BlockLine& line) {
  const std::string_view text = outset(line);
  return consists_of(text, "=") || consists_of(text, "-");
}

bool is_extension_line(const BlockLine& line) {
  const std::string_view text = text::trim(line.text);
  if (text.empty()) return false;
  const bool is_definition =
      (text[0] == ':' || text[0] == '~') && (text.size() == 1 || is_space(text[1]));
  const bool names = (text[0] == '[' || text.starts_with("*[")) && holds(text, "]:");
  const bool is_tag = text[0] == '{' && text.back() == '}';
  return is_definition || names || is_tag || begins_with_any(text, kExtensionBeginnings);
}

bool interrupts_paragraph(const BlockLine& line) {
  if (outset(line).empty()) return false;
  const auto item = item_start(line);
  return (item && item->can_interrupt) || is_quote(line) || is_rule(line) || is_heading(line) ||
         fence_start(line) || html_start(outset(line), HtmlPlace::kInParagraph);
}

bool begins_block(const BlockLine& line) {
  if (outset(line).empty()) return false;
  return item_start(line) || interrupts_paragraph(line);
}

bool looks_like_block(std::string_view word) {
  if (word.empty() || consists_of(word, "-=*_+.:|#~") || word[0] == '>' || word[0] == '<' ||
      word[0] == '|') {
    return true;
  }
  if (marker_size(word) == word.size()) return true;
  constexpr std::string_view kBeginnings[] = {"```", "~~~", "[^", "[!", "*[", "{"};
  return begins_with_any(word, kBeginnings) || begins_with_any(word, kExtensionBeginnings) ||
         (word[0] == '[' && holds(word, "]:"));
}

}  // namespace chatvim::markdown
