// SPDX-License-Identifier: Apache-2.0
#include "text_matcher.hpp"

#include <algorithm>

#include "chatvim/text/utf8.hpp"

namespace chatvim::toolbox {
namespace {

/// Bytes of a line in a result, and how many of them precede the found text.
constexpr std::size_t kMostLineBytes = 400;
constexpr std::size_t kBytesBefore = 100;

/// Whether a byte is part of a word. A byte beyond ASCII belongs to a letter as a rule.
bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_within_character(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
}

}  // namespace

TextMatcher::TextMatcher(const std::vector<std::string>& texts, bool whole_word)
    : whole_word_(whole_word) {
  for (const std::string& text : texts) searches_.emplace_back(text);
}

std::size_t TextMatcher::next(const text::Search& search, std::string_view bytes,
                              std::size_t from) const {
  std::size_t at = search.find(bytes, from);
  while (whole_word_ && at != std::string_view::npos) {
    const std::size_t end = at + search.size();
    const bool begins = at == 0 || !is_word(bytes[at - 1]) || !is_word(bytes[at]);
    const bool ends = end == bytes.size() || !is_word(bytes[end]) || !is_word(bytes[end - 1]);
    if (begins && ends) break;
    at = search.find(bytes, at + 1);
  }
  return at;
}

std::vector<FoundLine> TextMatcher::find(std::string_view bytes, std::size_t most) const {
  std::vector<FoundLine> lines;
  std::vector<std::size_t> places(searches_.size(), 0);
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = next(searches_[i], bytes, 0);
  std::size_t number = 1;
  std::size_t counted = 0;  // bytes before this offset have been counted
  while (lines.size() < most) {
    const std::size_t at = *std::min_element(places.begin(), places.end());
    if (at == std::string_view::npos) break;
    const std::size_t before = at == 0 ? std::string_view::npos : bytes.rfind('\n', at - 1);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    number +=
        static_cast<std::size_t>(std::count(bytes.begin() + counted, bytes.begin() + begin, '\n'));
    counted = begin;
    lines.push_back({number, begin, at});
    const std::size_t end = bytes.find('\n', at);
    if (end == std::string_view::npos) break;
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (places[i] < end) places[i] = next(searches_[i], bytes, end);
    }
  }
  return lines;
}

std::string shown_line(std::string_view line, std::size_t at) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.size() <= kMostLineBytes) return std::string(line);
  std::size_t begin = at > kBytesBefore ? at - kBytesBefore : 0;
  begin = std::min(begin, line.size() - kMostLineBytes);
  while (is_within_character(line, begin)) ++begin;
  std::size_t end = std::min(begin + kMostLineBytes, line.size());
  while (is_within_character(line, end)) --end;
  std::string shown(line.substr(begin, end - begin));
  if (begin > 0) shown.insert(0, "…");
  return end < line.size() ? shown + "…" : shown;
}

}  // namespace chatvim::toolbox
