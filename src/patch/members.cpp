// SPDX-License-Identifier: Apache-2.0
#include "members.hpp"

#include <algorithm>
#include <array>

#include "chatvim/text/lines.hpp"
#include "line_kind.hpp"
#include "word_list.hpp"

namespace chatvim::patch {
namespace {

constexpr std::array<std::string_view, 31> kControlWords = {
    "if",    "else",  "elif", "elsif",  "elseif", "for",     "foreach", "while",  "do",   "switch",
    "case",  "match", "try",  "catch",  "except", "finally", "with",    "return", "when", "unless",
    "until", "begin", "loop", "select", "repeat", "then",    "yield",   "await"};
constexpr std::array<std::string_view, 19> kContainerWords = {
    "class",  "struct",   "impl",    "trait",     "interface", "enum",  "namespace",
    "module", "mod",      "object",  "extension", "protocol",  "union", "record",
    "extern", "describe", "context", "suite",     "package"};
constexpr std::array<std::string_view, 7> kFunctionWords = {"def", "func", "fn", "function",
                                                            "sub", "proc", "fun"};
/// A container is named among its first words: `export default class`, `pub(crate) struct`.
constexpr std::size_t kMostModifiers = 5;

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

/// Removes and returns the first word, with what precedes it.
std::string_view take_word(std::string_view& text) {
  const auto* const first = std::find_if(text.begin(), text.end(), is_name_char);
  const auto* const last = std::find_if_not(first, text.end(), is_name_char);
  const std::string_view word(first, static_cast<std::size_t>(last - first));
  text.remove_prefix(static_cast<std::size_t>(last - text.begin()));
  return word;
}

/// Returns the last name in a text, or "".
std::string_view last_name(std::string_view text) {
  while (!text.empty() && !is_name_char(text.back())) text.remove_suffix(1);
  std::size_t size = 0;
  while (size < text.size() && is_name_char(text[text.size() - 1 - size])) ++size;
  return text.substr(text.size() - size);
}

/// Whether a line only guides the preprocessor, which ignores indentation.
bool is_directive(std::string_view text) {
  if (!text.starts_with('#')) return false;
  text.remove_prefix(1);
  const std::string_view word = take_word(text);
  return word.starts_with("if") || word.starts_with("el") || word == "endif" || word == "define" ||
         word == "pragma" || word == "undef" || word == "error";
}

bool is_control(std::string_view text) { return is_one_of(take_word(text), kControlWords); }

/// Whether a line is the head of a section, as in TOML and markdown.
bool is_section(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) return true;
  const std::size_t level = std::min(text.find_first_not_of('#'), text.size());
  return level > 1 && level <= 6 && text.substr(level).starts_with(' ');  // markdown
}

/// Whether a line is a whole function.
bool is_function_in_line(std::string_view text) {
  const std::size_t body = text.find('{');
  return text.ends_with('}') && body != text.npos && text.substr(0, body).find(')') != text.npos;
}

/// Returns the text without what ends the head of a member.
std::string_view without_opener(std::string_view text) {
  while (!text.empty() && std::string_view(" \t\r{[(:=,;").find(text.back()) != text.npos) {
    text.remove_suffix(1);
  }
  return text;
}

/// Returns the name of a function from its text up to its parameters; "" if it has none there.
std::string_view function_name(std::string_view text) {
  // Parameters of a type are between the name and those of the function.
  if (const std::size_t type = text.find('<'); text.ends_with('>') && type != text.npos) {
    text = text.substr(0, type);
  }
  const std::string_view name = last_name(text);
  const bool is_word = is_one_of(name, kFunctionWords) || name == "async";
  const bool ends_there = !name.empty() && text::trim_end(text).ends_with(name);
  if (ends_there && !is_word) return name;
  const std::size_t sign = text.find_first_of("=:");
  return sign == text.npos ? std::string_view() : last_name(text.substr(0, sign));
}

}  // namespace

bool is_comment(std::string_view line) {
  const std::string_view text = text::trim(line);
  return text.starts_with("//") || text.starts_with("/*") || text.starts_with("* ") ||
         text == "*" || text == "*/" || text.starts_with("--") || text.starts_with("# ") ||
         text == "#" || text.starts_with(";;") || text.starts_with("<!--") ||
         text.starts_with("{/*") || text.starts_with("\"\"\"");
}

bool opens_container(std::string_view line) {
  std::string_view text = text::trim(line);
  if (is_control(text)) return false;
  std::string_view rest = text;
  for (std::size_t i = 0; i < kMostModifiers && !rest.empty(); ++i) {
    const std::string_view word = take_word(rest);
    if (is_one_of(word, kContainerWords)) return true;
    if (is_one_of(word, kFunctionWords)) return false;
  }
  const bool is_lambda = text.find("=>") != text.npos || text.ends_with("| {");
  return text.find('(') == text.npos && !is_lambda;
}

bool is_member_head(const Lines& target, std::size_t row) {
  const std::string_view line = target[row];
  const std::string_view text = text::trim(line);
  if (!has_words(line) || is_closer(line) || is_comment(line)) return false;
  if (is_directive(text) || is_control(text)) return false;
  return is_section(text) || is_function_in_line(text) || end_of_deeper(target, row) > row + 1;
}

std::size_t end_of_deeper(const Lines& target, std::size_t row) {
  const std::size_t indentation = indentation_of(target[row]).size();
  std::size_t at = row + 1;
  if (at < target.size() && text::trim(target[at]) == "{") ++at;
  std::size_t end = row + 1;
  for (; at < target.size(); ++at) {
    if (text::is_blank(target[at])) continue;
    if (indentation_of(target[at]).size() <= indentation) break;
    end = at + 1;
  }
  return end;
}

std::optional<std::size_t> parent_of(const Lines& target, std::size_t row) {
  const std::size_t indentation = indentation_of(target[row]).size();
  for (std::size_t at = row; indentation > 0 && at-- > 0;) {
    const std::string_view line = target[at];
    if (!has_words(line) || indentation_of(line).size() >= indentation) continue;
    if (!is_closer(line) && !is_comment(line) && !is_directive(text::trim(line))) return at;
  }
  return std::nullopt;
}

std::string_view member_name(std::string_view line) {
  const std::string_view text = text::trim(line);
  if (text.starts_with('<')) return text;
  std::size_t open = text.find('(');
  if (text.starts_with("func (")) {
    // A method in Go: its receiver comes first.
    const std::size_t close = text.find(')');
    open = close == text.npos ? close : text.find('(', close);
    return open == text.npos ? text : last_name(text.substr(0, open));
  }
  const std::size_t sign = text.find_first_of(":=");
  if (open == text.npos) {
    return without_opener(opens_container(text) && sign != text.npos && sign + 1 < text.size() &&
                                  text[sign + 1] != ':'
                              ? text.substr(0, sign)
                              : text);
  }
  // A test, which is named by a string.
  if (open + 1 < text.size() && (text[open + 1] == '"' || text[open + 1] == '\'')) {
    return text.substr(0, text.find(text[open + 1], open + 2));
  }
  const std::string_view name = function_name(text.substr(0, open));
  return name.empty() ? without_opener(text) : name;
}

bool has_name(std::string_view line, std::string_view name) {
  if (name.empty()) return false;
  for (std::size_t at = line.find(name); at != line.npos; at = line.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    const bool begins = at == 0 || !is_name_char(line[at - 1]) || !is_name_char(name.front());
    const bool ends = end == line.size() || !is_name_char(line[end]) || !is_name_char(name.back());
    if (begins && ends) return true;
  }
  return false;
}

}  // namespace chatvim::patch
