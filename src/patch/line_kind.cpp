// SPDX-License-Identifier: Apache-2.0
#include "line_kind.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "chatvim/text/lines.hpp"
#include "word_list.hpp"

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

/// Words of which comments for omitted code consist; the first ones say that code is left out.
constexpr std::array<std::string_view, 11> kOmittingWords = {
    "rest", "remaining", "remain", "remains",    "unchanged", "existing",
    "same", "omitted",   "snip",   "unmodified", "truncated"};
constexpr std::array<std::string_view, 57> kFillingWords = {
    "else",    "before",     "previous", "the",        "of",       "other",      "code",
    "method",  "methods",    "function", "functions",  "class",    "file",       "module",
    "fields",  "imports",    "tests",    "cases",      "routes",   "handlers",   "implementation",
    "logic",   "content",    "lines",    "stays",      "stay",     "is",         "are",
    "as",      "above",      "keep",     "it",         "here",     "everything", "for",
    "brevity", "and",        "in",       "this",       "goes",     "go",         "no",
    "changes", "properties", "members",  "styles",     "rules",    "component",  "script",
    "program", "block",      "body",     "statements", "sections", "items",      "entries",
    "your"};

std::string lower_case(std::string_view text) {
  std::string small(text);
  for (char& c : small) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return small;
}

/// Calls back with each word of a text; stops at false. Returns whether it was not stopped.
template <class Function>
bool all_words(std::string_view text, Function&& function) {
  const auto* at = text.begin();
  while (true) {
    at = std::find_if(at, text.end(), is_word);
    if (at == text.end()) return true;
    const auto* const end = std::find_if_not(at, text.end(), is_word);
    if (!function(std::string_view(at, static_cast<std::size_t>(end - at)))) return false;
    at = end;
  }
}

/// Whether a comment says by its words that code is left out.
bool says_omitted(std::string_view comment) {
  const std::string small = lower_case(comment);
  for (const std::string_view words :
       {"existing code", "rest of the code", "rest of code", "rest of the file", "rest of file",
        "rest of the function", "remains unchanged", "remains the same", "remain unchanged",
        "remain the same", "code omitted", "omitted for brevity", "unchanged code", "previous code",
        "as before"}) {
    if (small.find(words) != std::string::npos) return true;
  }
  bool omits = false;
  const bool is_all = all_words(small, [&](std::string_view word) {
    omits = omits || is_one_of(word, kOmittingWords);
    return is_one_of(word, kOmittingWords) || is_one_of(word, kFillingWords);
  });
  return is_all && omits;
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

bool may_be_omission(std::string_view line) {
  std::string_view text = text::trim(line);
  if (text.size() > kMostOmission || !uncomment(text)) return false;
  return !all_words(lower_case(text), [](std::string_view word) {
    return !is_one_of(word, kOmittingWords) && word != "other" && word != "keep" &&
           word != "before" && word != "previous";
  });
}

}  // namespace chatvim::patch
