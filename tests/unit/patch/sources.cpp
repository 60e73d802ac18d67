// SPDX-License-Identifier: Apache-2.0
#include "sources.hpp"

#include <algorithm>
#include <utility>

namespace chatvim::testing {
namespace {

const SourceLines kWords = {"parse", "read", "write", "open", "close", "count", "merge", "split"};

std::string filled(std::string text, const std::string& value) {
  const std::size_t at = text.find('%');
  return at == std::string::npos ? text : text.replace(at, 1, value);
}

std::string times(const std::string& text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

SourceLines make_body(const SourceLanguage& language, Choices& choices, std::size_t depth) {
  SourceLines lines;
  const std::size_t count = 2 + choices.below(5);
  for (std::size_t i = 0; i < count; ++i) {
    if (choices.one_in(8)) lines.emplace_back();
    if (depth < 3 && choices.one_in(4) && !language.openers.empty()) {
      const std::size_t kind = choices.below(language.openers.size());
      lines.push_back(times(language.indent, depth) +
                      filled(language.openers[kind], choices.number()));
      const SourceLines inner = make_body(language, choices, depth + 1);
      lines.insert(lines.end(), inner.begin(), inner.end());
      if (!language.closers[kind].empty()) {
        lines.push_back(times(language.indent, depth) + language.closers[kind]);
      }
      continue;
    }
    lines.push_back(times(language.indent, depth) +
                    filled(choices.of(language.statements), choices.number()));
  }
  return lines;
}

SourceLines make_function(const SourceLanguage& language, Choices& choices, std::size_t index) {
  SourceLines lines = {filled(language.head, choices.of(kWords) + std::to_string(index))};
  const SourceLines body = make_body(language, choices, 1);
  lines.insert(lines.end(), body.begin(), body.end());
  if (!language.end.empty()) lines.push_back(language.end);
  return lines;
}

/// Returns lines to insert: new ones, or copies of existing ones.
SourceLines make_lines(const SourceLanguage& language, const SourceLines& source, Choices& choices,
                       std::size_t near) {
  const std::size_t count = 1 + choices.below(4);
  if (choices.one_in(4)) {
    const std::size_t first = choices.below(source.size());
    SourceLines copy(
        source.begin() + static_cast<std::ptrdiff_t>(first),
        source.begin() + static_cast<std::ptrdiff_t>(std::min(first + count, source.size())));
    if (choices.one_in(2)) copy.back() += " ";
    return copy;
  }
  const std::string& like = source[std::min(near, source.size() - 1)];
  const std::string white = like.substr(0, std::min(like.find_first_not_of(" \t"), like.size()));
  if (choices.one_in(8)) return make_function(language, choices, 50 + choices.below(9));
  SourceLines lines;
  for (std::size_t i = 0; i < count; ++i) {
    if (choices.one_in(10)) {
      lines.emplace_back();
    } else {
      lines.push_back(white + filled(choices.of(language.statements), choices.number()));
    }
  }
  return lines;
}

/// Returns a version of a line.
std::string changed(const std::string& line, Choices& choices) {
  if (line.empty() || choices.one_in(5)) return line + "x" + std::to_string(choices.below(9));
  std::string copy = line;
  const std::size_t at = choices.below(line.size());
  if (copy[at] != ' ' && copy[at] != '\t') copy[at] = copy[at] == 'q' ? 'z' : 'q';
  return copy;
}

SourceEdit make_edit(const SourceLanguage& language, const SourceLines& source, Choices& choices,
                     std::size_t first) {
  SourceEdit edit{first, first, {}};
  const std::size_t count = std::min(1 + choices.below(4), source.size() - first);
  const auto begin = source.begin() + static_cast<std::ptrdiff_t>(first);
  switch (choices.below(4)) {
    case 0:  // change lines
      edit.last = first + count;
      for (std::size_t i = 0; i < count; ++i)
        edit.lines.push_back(changed(begin[static_cast<std::ptrdiff_t>(i)], choices));
      break;
    case 1:  // replace lines by others
      edit.last = first + count;
      edit.lines = make_lines(language, source, choices, first);
      break;
    case 2:
      edit.lines = make_lines(language, source, choices, first);
      break;
    default:
      edit.last = first + count;
      break;
  }
  return edit;
}

/// Removes what an edit replaces by itself at its ends, so that its context is right.
bool normalize(const SourceLines& source, SourceEdit& edit) {
  while (edit.first < edit.last && !edit.lines.empty() &&
         source[edit.first] == edit.lines.front()) {
    ++edit.first;
    edit.lines.erase(edit.lines.begin());
  }
  while (edit.first < edit.last && !edit.lines.empty() &&
         source[edit.last - 1] == edit.lines.back()) {
    --edit.last;
    edit.lines.pop_back();
  }
  return edit.first < edit.last || !edit.lines.empty();
}

}  // namespace

const std::vector<SourceLanguage>& source_languages() {
  static const std::vector<SourceLanguage> kLanguages = {
      {"c",
       "  ",
       "// ... existing code ...",
       {"#include <stdio.h>", "#include \"parse.h\"", ""},
       "static int %(struct state *state, int count) {",
       "}",
       {"count += %;", "state->total = count * %;", "log_value(state, %);", "return count;",
        "free(state->items[%]);", "break;"},
       {"if (count > %) {", "for (int i = 0; i < %; i++) {", "do {"},
       {"}", "}", "} while (count);"}},
      {"python",
       "    ",
       "# ... existing code ...",
       {"import os", "import sys", ""},
       "def %(self, count):",
       "",
       {"count += %", "self.total = count * %", "self.log(%)", "return count", "pass",
        "items.append(%)"},
       {"if count > %:", "for i in range(%):", "with self.lock:"},
       {"", "", ""}},
      {"lua",
       "  ",
       "-- ... existing code ...",
       {"local M = {}", ""},
       "function M.%(state, count)",
       "end",
       {"count = count + %", "state.total = count * %", "log(state, %)", "return count",
        "table.insert(items, %)"},
       {"if count > % then", "for i = 1, % do"},
       {"end", "end"}},
      {"go",
       "\t",
       "// ... existing code ...",
       {"package main", "", "import \"fmt\"", ""},
       "func %(state *State, count int) error {",
       "}",
       {"count += %", "state.total = count * %", "fmt.Println(%)", "return nil", "continue"},
       {"if count > % {", "for i := 0; i < %; i++ {"},
       {"}", "}"}},
      {"html",
       "  ",
       "<!-- ... existing code ... -->",
       {"<!doctype html>", "<title>Test</title>", ""},
       "<section id=\"%\">",
       "</section>",
       {"<p>Text %</p>", "<img src=\"%.png\">", "<br>", "Some words of text."},
       {"<div class=\"row%\">", "<ul>"},
       {"</div>", "</ul>"}},
  };
  return kLanguages;
}

SourceLines make_source(const SourceLanguage& language, Choices& choices) {
  choices.set_variety(choices.one_in(3) ? 5 : 500);
  SourceLines lines = language.prologue;
  std::vector<SourceLines> functions;
  const std::size_t count = 4 + choices.below(10);
  for (std::size_t i = 0; i < count; ++i) {
    SourceLines function = make_function(language, choices, i);
    if (!functions.empty() && choices.one_in(choices.repeats() ? 2 : 6)) {
      // A copy of an earlier one, with another name and perhaps another line.
      const std::string head = function.front();
      function = choices.of(functions);
      function.front() = head;
      std::string& line = function[1 + choices.below(function.size() - 1)];
      if (choices.one_in(2)) line = changed(line, choices);
    }
    lines.insert(lines.end(), function.begin(), function.end());
    if (i + 1 < count) lines.emplace_back();
    functions.push_back(std::move(function));
  }
  return lines;
}

std::vector<SourceEdit> make_edits(const SourceLanguage& language, const SourceLines& source,
                                   Choices& choices) {
  std::vector<SourceEdit> edits;
  const std::size_t count = choices.one_in(3) ? 1 + choices.below(3) : 1;
  std::size_t from = choices.below(source.size());
  if (choices.one_in(12)) from = 0;
  if (choices.one_in(12)) from = source.size() - 1;
  for (std::size_t i = 0; i < count && from < source.size(); ++i) {
    SourceEdit edit = make_edit(language, source, choices, from);
    if (choices.one_in(6) && !edits.empty() && edits.back().lines.empty()) {
      // The lines that the last edit removed are moved here.
      edit.lines.assign(source.begin() + static_cast<std::ptrdiff_t>(edits.back().first),
                        source.begin() + static_cast<std::ptrdiff_t>(edits.back().last));
      edit.last = edit.first;
    }
    const std::size_t after = edit.last;
    if (normalize(source, edit)) edits.push_back(std::move(edit));
    from = after + 1 + choices.below(25);
  }
  return edits;
}

SourceLines apply_edits(const SourceLines& source, const std::vector<SourceEdit>& edits,
                        std::size_t first, std::size_t last) {
  SourceLines lines;
  std::size_t row = first;
  const auto keep = [&](std::size_t end) {
    for (; row < end; ++row) lines.push_back(source[row]);
  };
  for (const SourceEdit& edit : edits) {
    keep(edit.first);
    lines.insert(lines.end(), edit.lines.begin(), edit.lines.end());
    row = edit.last;
  }
  keep(last);
  return lines;
}

}  // namespace chatvim::testing
