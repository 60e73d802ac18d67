// SPDX-License-Identifier: Apache-2.0
#include "reflow.hpp"

#include "characters.hpp"
#include "chatvim/text/width.hpp"
#include "fixed_spans.hpp"

namespace chatvim::markdown {

namespace {

/// What stays together on a line.
struct Unit {
  std::string text;
  bool after_hard_break = false;
};

/// Divides a paragraph at its free white space and its hard breaks.
std::vector<Unit> words_of(std::string_view paragraph) {
  const std::vector<Bond> bonds = find_bonds(paragraph);
  std::vector<Unit> words(1);
  for (std::size_t i = 0; i < paragraph.size(); ++i) {
    const char character = paragraph[i];
    if (character == '\n' && bonds[i] == Bond::kFixed) {
      words.push_back({"", true});
    } else if (is_space(character) && bonds[i] == Bond::kFree) {
      if (!words.back().text.empty()) words.emplace_back();
    } else {
      words.back().text += character == '\n' ? ' ' : character;
    }
  }
  if (words.back().text.empty() && words.size() > 1) words.pop_back();
  return words;
}

/// Whether a line that ended with this word would end with a hard break.
bool ends_hard(std::string_view word) {
  const std::size_t last = word.find_last_not_of('\\');
  const std::size_t slashes = last == std::string_view::npos ? word.size() : word.size() - last - 1;
  return slashes % 2 == 1;
}

std::string_view first_word(std::string_view text) {
  return text.substr(0, text.find_first_of(" \t\n"));
}

/// Whether a line that ended after this text would be an underline or a thematic break.
bool is_rule_so_far(std::string_view text) {
  return text.find_first_not_of("-=*_+.:|# ") == std::string_view::npos;
}

/// Joins words between which no line may break.
std::vector<Unit> units_of(std::string_view paragraph, const Fill& fill) {
  std::vector<Unit> units;
  for (Unit& word : words_of(paragraph)) {
    const bool breaks = units.empty() || word.after_hard_break ||
                        (!is_rule_so_far(units.back().text) && !ends_hard(units.back().text) &&
                         !fill.is_unfit(first_word(word.text)));
    if (breaks) {
      units.push_back(std::move(word));
    } else {
      units.back().text += " " + word.text;
    }
  }
  return units;
}

}  // namespace

bool can_reflow(std::string_view paragraph, const Fill& fill) {
  if (paragraph.find("![") != std::string_view::npos) return false;
  if (paragraph.starts_with("<") || paragraph.starts_with("```")) return false;
  if (paragraph.find('\r') != std::string_view::npos) return false;
  const std::vector<Bond> bonds = find_bonds(paragraph);
  for (std::size_t i = 1; i < paragraph.size(); ++i) {
    const bool is_hard = paragraph[i - 1] == ' ' || paragraph[i - 1] == '\\';
    if (paragraph[i] != '\n' || bonds[i] != Bond::kFixed) continue;
    if (!is_hard || fill.is_unfit(first_word(paragraph.substr(i + 1)))) return false;
  }
  return true;
}

std::vector<std::string> reflow(std::string_view paragraph, const Fill& fill) {
  std::vector<std::string> lines;
  std::size_t room = fill.first_width;
  std::size_t cells = 0;
  for (const Unit& unit : units_of(paragraph, fill)) {
    const std::size_t more = text::cells_of(unit.text);
    if (lines.empty() || unit.after_hard_break || cells + 1 + more > room) {
      if (!lines.empty()) room = fill.width;
      lines.push_back(unit.text);
      cells = more;
    } else {
      lines.back() += " " + unit.text;
      cells += 1 + more;
    }
  }
  return lines;
}

}  // namespace chatvim::markdown
