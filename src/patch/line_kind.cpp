// SPDX-License-Identifier: Apache-2.0
#include "line_kind.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "chatvim/text/lines.hpp"

namespace chatvim::patch {
namespace {

constexpr std::array<std::string_view, 9> kCommentMarks = {"//", "#", "/*",  "<!--", "--",
                                                           ";",  "%", "{/*", "\""};
constexpr std::array<std::string_view, 4> kCommentEnds = {"*/}", "*/", "-->", "--"};
constexpr std::array<std::string_view, 5> kClosingWords = {"end", "fi", "done", "esac", "endif"};
constexpr std::size_t kMostOmission = 100;  // bytes; a longer comment says something

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// Removes the marks of a comment; false if there are none.
bool uncomment(std::string_view& text) {
  const auto* const mark =
      std::find_if(kCommentMarks.begin(), kCommentMarks.end(),
                   [&](std::string_view one) { return text.starts_with(one); });
  if (mark == kCommentMarks.end()) return false;
  text.remove_prefix(mark->size());
  for (const std::string_view end : kCommentEnds) {
    if (!text.ends_with(end)) continue;
    text.remove_suffix(end.size());
    break;
  }
  text = text::trim(text);
  return true;
}

bool take_dots(std::string_view& text, bool at_end) {
  for (const std::string_view dots : {"...", "\xE2\x80\xA6"}) {
    if (at_end ? !text.ends_with(dots) : !text.starts_with(dots)) continue;
    at_end ? text.remove_suffix(dots.size()) : text.remove_prefix(dots.size());
    text = text::trim(text);
    return true;
  }
  return false;
}

/// Whether a comment says by its words that code is left out.
bool says_omitted(std::string_view comment) {
  std::string small(comment);
  for (char& c : small) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (const std::string_view words :
       {"existing code", "rest of the code", "rest of code", "rest of the file", "rest of file",
        "rest of the function", "remains unchanged", "remains the same", "remain unchanged",
        "remain the same", "code omitted", "omitted for brevity", "unchanged code", "previous code",
        "same as before"}) {
    if (small.find(words) != std::string::npos) return true;
  }
  return small == "unchanged" || small == "omitted" || small == "snip";
}

}  // namespace

std::string_view indentation_of(std::string_view line) {
  return line.substr(0, std::min(line.find_first_not_of(" \t"), line.size()));
}

bool has_words(std::string_view line) { return std::any_of(line.begin(), line.end(), is_word); }

bool is_closer(std::string_view line) {
  line = text::trim(line);
  if (line.empty()) return false;
  if (std::string_view("})]").find(line.front()) != std::string_view::npos) return true;
  if (line.starts_with("</")) return true;
  const std::string_view word = line.substr(
      0,
      static_cast<std::size_t>(std::find_if_not(line.begin(), line.end(), is_word) - line.begin()));
  return std::find(kClosingWords.begin(), kClosingWords.end(), word) != kClosingWords.end();
}

bool is_omission(std::string_view line) {
  std::string_view text = text::trim(line);
  if (text.empty() || text.size() > kMostOmission) return false;
  const bool is_comment = uncomment(text);
  const bool begins = take_dots(text, false);
  const bool ends = !text.empty() && take_dots(text, true);
  if (text.empty()) return begins || ends;
  return is_comment && ((begins && ends) || says_omitted(text) || begins);
}

}  // namespace chatvim::patch
