// SPDX-License-Identifier: Apache-2.0
#include "line_kind.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "chatvim/text/lines.hpp"
#include "word_list.hpp"

namespace chatvim::patch {
namespace {

constexpr std::array<std::string_view, 7> kCommentMarks = {"//", "/*", "<!--", "{/*",
                                                           "#",  "%",  "--"};
constexpr std::array<std::string_view, 4> kDocumentationMarks = {"///", "//!", "/**", "##"};
constexpr std::array<std::string_view, 4> kCommentEnds = {"*/}", "*/", "-->", "--"};
constexpr std::array<std::string_view, 5> kClosingWords = {"end", "fi", "done", "esac", "endif"};
constexpr std::size_t kMostOmission = 100;  // bytes; a longer comment says something

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// Removes the marks of a comment. Returns false for code, and for documentation comments, which
/// describe the code below them.
bool uncomment(std::string_view& text) {
  const auto begins = [&](std::string_view mark) { return text.starts_with(mark); };
  if (std::any_of(kDocumentationMarks.begin(), kDocumentationMarks.end(), begins)) return false;
  const auto* const mark = std::find_if(kCommentMarks.begin(), kCommentMarks.end(), begins);
  if (mark == kCommentMarks.end()) return false;
  std::string_view rest = text.substr(mark->size());
  // `--count;`, `#include`, `%d` are code.
  const bool is_short = mark->size() == 1 || *mark == "--";
  if (is_short && !rest.empty() && is_word(rest.front())) return false;
  for (const std::string_view end : kCommentEnds) {
    if (!rest.ends_with(end)) continue;
    rest.remove_suffix(end.size());
    break;
  }
  text = text::trim(rest);
  return true;
}

/// Removes brackets around a comment's text.
void unwrap(std::string_view& text) {
  if (text.size() > 2 && std::string_view("[({<").find(text.front()) != std::string_view::npos &&
      std::string_view("])}>").find(text.back()) != std::string_view::npos) {
    text = text::trim(text.substr(1, text.size() - 2));
  }
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
constexpr std::array<std::string_view, 58> kFillingWords = {"change",     "else",
                                                            "before",     "previous",
                                                            "the",        "of",
                                                            "other",      "code",
                                                            "method",     "methods",
                                                            "function",   "functions",
                                                            "class",      "file",
                                                            "module",     "fields",
                                                            "imports",    "tests",
                                                            "cases",      "routes",
                                                            "handlers",   "implementation",
                                                            "logic",      "content",
                                                            "lines",      "stays",
                                                            "stay",       "is",
                                                            "are",        "as",
                                                            "above",      "keep",
                                                            "it",         "here",
                                                            "everything", "for",
                                                            "brevity",    "and",
                                                            "in",         "this",
                                                            "goes",       "go",
                                                            "no",         "changes",
                                                            "properties", "members",
                                                            "styles",     "rules",
                                                            "component",  "script",
                                                            "program",    "block",
                                                            "body",       "statements",
                                                            "sections",   "items",
                                                            "entries",    "your"};

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

/// Whether a comment consists of words that say that code is left out.
bool says_omitted(std::string_view comment) {
  bool omits = comment == "as before" || comment == "no changes" || comment == "no change";
  const bool is_all = all_words(lower_case(comment), [&](std::string_view word) {
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

Omission omission_of(std::string_view line) {
  std::string_view text = text::trim(line);
  if (text.empty() || text.size() > kMostOmission) return Omission::kNone;
  const bool is_comment = uncomment(text);
  if (is_comment) unwrap(text);
  const bool begins = take_dots(text, false);
  const bool ends = !text.empty() && take_dots(text, true);
  if (text.empty()) return begins || ends ? Omission::kDots : Omission::kNone;
  if (!is_comment) return Omission::kNone;
  if (begins) return Omission::kDots;
  return says_omitted(text) ? (ends ? Omission::kDots : Omission::kWords) : Omission::kNone;
}

bool is_omission(std::string_view line) { return omission_of(line) != Omission::kNone; }

bool may_be_omission(std::string_view line) {
  std::string_view text = text::trim(line);
  for (const std::string_view stub : {"{ ... }", "{...}", "{ \xE2\x80\xA6 }", "/* ... */"}) {
    if (text.find(stub) != std::string_view::npos) return true;
  }
  if (text.size() > kMostOmission) return false;
  if (is_omission(line)) return true;
  for (const std::string_view mark : {"// ", "/* ", "  # "}) {
    const std::size_t at = text.find(mark);
    if (at != std::string_view::npos && at > 0 && is_omission(text.substr(at))) return true;
  }
  if (!uncomment(text)) return false;
  if (take_dots(text, true)) return true;
  bool omits = false;
  bool is_filling = !text.empty();
  all_words(lower_case(text), [&](std::string_view word) {
    omits = omits || is_one_of(word, kOmittingWords);
    is_filling = is_filling && is_one_of(word, kFillingWords);
    return true;
  });
  return omits || is_filling;
}

bool are_similar(std::string_view a, std::string_view b) {
  const std::size_t most = std::min(a.size(), b.size());
  std::size_t same = 0;
  while (same < most && a[same] == b[same]) ++same;
  std::size_t tail = 0;
  while (tail + same < most && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  return (same + tail) * 2 > std::max(a.size(), b.size());
}

}  // namespace chatvim::patch
