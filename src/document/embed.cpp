// SPDX-License-Identifier: Apache-2.0
#include "chatvim/document/embed.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "chatvim/document/fence.hpp"
#include "chatvim/text/lines.hpp"

namespace chatvim::document {
namespace {

/// More spaces would start an indented code block.
constexpr std::size_t kMostIndentation = 3;
constexpr std::string_view kStart = "![";

bool is_white(char character) { return character == ' ' || character == '\t'; }

/// Whether a backslash can escape the character (CommonMark, section 2.4).
bool is_punctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
         (c >= '{' && c <= '~');
}

bool is_escape(std::string_view text, std::size_t at) {
  return text[at] == '\\' && at + 1 < text.size() && is_punctuation(text[at + 1]);
}

/// Whether the character at `at` is escaped: an odd number of backslashes precedes it.
bool is_escaped(std::string_view text, std::size_t at) {
  std::size_t start = at;
  while (start > 0 && text[start - 1] == '\\') --start;
  return (at - start) % 2 == 1;
}

std::string without_escapes(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (is_escape(text, at)) ++at;
    out += text[at];
  }
  return out;
}

/// Returns the index of the bracket that closes the one opened just before `text`, or npos.
std::size_t find_closing(std::string_view text, char open, char close) {
  std::size_t depth = 1;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (is_escape(text, at)) {
      ++at;
    } else if (text[at] == open) {
      ++depth;
    } else if (text[at] == close && --depth == 0) {
      return at;
    }
  }
  return std::string_view::npos;
}

/// Returns the text without a quoted title at its end, which white space must separate from the
/// rest.
std::string_view without_title(std::string_view text) {
  if (text.empty()) return text;
  const char quote = text.back();
  const std::size_t last = text.size() - 1;
  if ((quote != '"' && quote != '\'') || is_escaped(text, last)) return text;
  std::size_t open = last;
  do {
    open = open == 0 ? std::string_view::npos : text.rfind(quote, open - 1);
  } while (open != std::string_view::npos && is_escaped(text, open));
  const bool is_title = open != std::string_view::npos && open > 0 && is_white(text[open - 1]);
  return is_title ? text::trim_end(text.substr(0, open)) : text;
}

/// Parses the target from the text between the parentheses of a link; nothing if it is invalid.
/// Unlike in CommonMark, a target without angle brackets may contain white space.
std::optional<std::string> target_in(std::string_view inside) {
  const std::string_view text = without_title(text::trim(inside));
  if (!text.starts_with('<')) {
    // Appends the parenthesis that ends the link itself: all others must be balanced.
    const bool pairs = find_closing(std::string(text) + ')', '(', ')') == text.size();
    return pairs ? std::optional(without_escapes(text)) : std::nullopt;
  }
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (is_escape(text, at)) {
      ++at;
    } else if (text[at] == '<') {
      return std::nullopt;
    } else if (text[at] == '>') {
      if (at + 1 != text.size()) return std::nullopt;
      return without_escapes(text.substr(1, at - 1));
    }
  }
  return std::nullopt;
}

/// Parses a line that is an embed; does not set its position.
std::optional<Embed> read_line(std::string_view line) {
  const std::size_t indentation = std::min(line.find_first_not_of(' '), line.size());
  std::string_view text = text::trim_end(line.substr(indentation));
  if (indentation > kMostIndentation || !text.starts_with(kStart) || !text.ends_with(')') ||
      is_escaped(text, text.size() - 1)) {
    return std::nullopt;
  }
  text.remove_prefix(kStart.size());
  const std::size_t end = find_closing(text, '[', ']');
  if (end == std::string_view::npos || !text.substr(end + 1).starts_with('(')) return std::nullopt;
  auto target = target_in(text.substr(end + 2, text.size() - end - 3));
  if (!target) return std::nullopt;
  Embed embed;
  embed.label = without_escapes(text.substr(0, end));
  embed.target = std::move(*target);
  return embed;
}

/// Returns the size in bytes of a list marker with the spaces around it, or 0 if the line has none
/// (CommonMark, section 5.2).
std::size_t size_of_marker(std::string_view line) {
  constexpr std::size_t kMostDigits = 9;
  const std::size_t start = std::min(line.find_first_not_of(' '), line.size());
  std::size_t at = std::min(line.find_first_not_of("0123456789", start), line.size());
  const std::size_t digits = at - start;
  const std::string_view markers = digits == 0 ? "-+*" : ".)";
  if (start > kMostIndentation || digits > kMostDigits || at == line.size() ||
      markers.find(line[at]) == std::string_view::npos) {
    return 0;
  }
  const std::size_t text = std::min(line.find_first_not_of(' ', ++at), line.size());
  return text > at && text - at <= kMostIndentation + 1 ? text : 0;
}

/// Tracks fenced code that opens on the line of a list marker. It ends with its list item at the
/// latest.
class ItemFence {
 public:
  /// Takes the next line outside other code blocks. Returns true if it belongs to such a fence.
  bool feed(std::string_view line) {
    const std::size_t indentation = std::min(line.find_first_not_of(' '), line.size());
    if (fence_.is_open() && (indentation >= indentation_ || indentation == line.size())) {
      take(line.substr(std::min(indentation_, line.size())));
      return true;
    }
    indentation_ = size_of_marker(line);
    fence_ = {};
    if (indentation_ > 0) take(line.substr(indentation_));
    return fence_.is_open();
  }

 private:
  void take(std::string_view text) {
    fence_.feed(text);
    fence_.feed("\n");
  }

  FenceScanner fence_;
  std::size_t indentation_ = 0;  ///< of the item's text
};

}  // namespace

std::vector<Embed> find_embeds(std::string_view content) {
  std::vector<Embed> embeds;
  if (content.find(kStart) == std::string_view::npos) return embeds;
  FenceScanner fences;
  ItemFence item;
  std::size_t offset = 0;
  for (std::size_t line = 0; offset < content.size(); ++line) {
    const std::size_t end = std::min(content.find('\n', offset), content.size());
    const std::string_view text = content.substr(offset, end - offset);
    offset = end + 1;
    if (!fences.is_open()) {
      if (item.feed(text)) continue;
      if (auto embed = read_line(text)) {
        embed->line = line;
        embed->offset = end - text.size();
        embed->size = text.size();
        embeds.push_back(std::move(*embed));
      }
    }
    fences.feed(text);
    fences.feed("\n");
  }
  return embeds;
}

}  // namespace chatvim::document
