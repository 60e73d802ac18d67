// SPDX-License-Identifier: Apache-2.0
#include "block_path.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "chatvim/text/lines.hpp"

namespace chatvim::patch {
namespace {

constexpr std::size_t kMostPath = 1024;
constexpr std::size_t kMostExtension = 12;

/// Files without an extension that are usually meant by their name.
constexpr std::array<std::string_view, 22> kNames = {
    "Makefile",    "makefile", "GNUmakefile", "Dockerfile", "Containerfile", "Jenkinsfile",
    "Vagrantfile", "Procfile", "Gemfile",     "Rakefile",   "Justfile",      "justfile",
    "Brewfile",    "Podfile",  "LICENSE",     "README",     "AUTHORS",       "CODEOWNERS",
    "Kconfig",     "PKGBUILD", "Caddyfile",   "Tiltfile"};

/// Names with a dot that are programs, libraries and languages.
constexpr std::array<std::string_view, 18> kPrograms = {
    "node.js",  "vue.js",   "next.js", "react.js",  "nuxt.js",    "express.js",
    "ember.js", "three.js", "d3.js",   "socket.io", "angular.js", "backbone.js",
    "asp.net",  "vb.net",   "ado.net", "chart.js",  "alpine.js",  "deno.land"};

/// Words that may stand around a path in a label. With any other word a line is prose that only
/// mentions a path.
constexpr std::array<std::string_view, 51> kFrameWords = {
    "a",        "add",       "and",      "as",     "below", "change",   "changes", "code",
    "complete", "contents",  "create",   "edit",   "file",  "filename", "finally", "first",
    "follows",  "following", "for",      "full",   "here",  "in",       "inside",  "into",
    "is",       "like",      "modified", "modify", "new",   "now",      "of",      "path",
    "put",      "replace",   "save",     "should", "the",   "then",     "this",    "to",
    "update",   "updated",   "with",     "within", "write", "next",     "at",      "becomes",
    "version",  "existing",  "look"};

/// Extensions that tell a file from a name with a dot, such as `config.width`, within a phrase.
constexpr std::string_view kExtensions =
    " 1 ac adoc am asm astro awk bash bat bazel bzl c cc cfg cjs clj cljs cmake cmd conf config "
    "cpp "
    "cs css csv cts cu cxx d dart diff ejs el elm env erb erl ex exs f90 fish fs fsx gd glsl go "
    "gql "
    "gradle graphql groovy h hbs hcl hh hpp hs htm html hxx in ini ipynb java jinja jl js json "
    "json5 "
    "jsonc jsx kt kts less lisp lock lua m4 make mako md mdx mjs mk ml mli mm mod mts nim nix nu "
    "pas "
    "patch php pl plist pm po pp proto ps1 pug purs py pyi pyx r rb rc rkt rs rst s sass sbt scala "
    "scm scss service sh sln sol sql styl sum sv svelte svg swift tcl tex tf tmpl toml tpl ts tsv "
    "tsx txt v vb vhd vhdl vim vue wgsl wit xml xsd xsl yaml yml zig zsh ";

constexpr std::array<std::string_view, 5> kPathKeys = {"title", "filename", "file", "path", "name"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool has_extension(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view extension = name.substr(dot + 1);
  if (extension.empty() || extension.size() > kMostExtension) return false;
  const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '+'; };
  const bool named = std::all_of(extension.begin(), extension.end(), fits) &&
                     std::any_of(extension.begin(), extension.end(), is_letter);
  const bool is_dot_file = dot == 0;
  return named && (is_dot_file ? extension.size() > 2 : name[dot - 1] != '.');
}

/// Removes `:10`, `:10-40`, `#L10`, `#L10-L40` and `(…)` from the end.
std::string_view without_range(std::string_view text) {
  const std::size_t hash = text.rfind("#L");
  if (hash != std::string_view::npos && hash > 0) return text.substr(0, hash);
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return text;
  const std::string_view range = text.substr(colon + 1);
  const bool fits = is_digit(range.front()) && std::all_of(range.begin(), range.end(), [](char c) {
                      return is_digit(c) || c == '-' || c == 'L' || c == ',';
                    });
  return fits ? without_range(text.substr(0, colon)) : text;
}

/// Removes one pair of `mark` around a text.
bool unwrap(std::string_view& text, std::string_view mark) {
  if (text.size() <= 2 * mark.size() || !text.starts_with(mark) || !text.ends_with(mark)) {
    return false;
  }
  text = text.substr(mark.size(), text.size() - 2 * mark.size());
  return true;
}

/// Returns a path as it is written alone, perhaps with quotes and line numbers, or "".
std::string bare_path(std::string_view text) {
  text = text::trim(text);
  const bool quoted = unwrap(text, "\"") || unwrap(text, "'");
  text = without_range(text);
  if (is_path(text)) return std::string(text);
  // In quotes a path may have spaces.
  std::string joined(text);
  std::replace(joined.begin(), joined.end(), ' ', '_');
  return quoted && is_path(joined) && has_extension(joined) ? std::string(text) : "";
}

/// Splits an info string at spaces outside of quotes, and without braces.
std::vector<std::string> split_info(std::string_view info) {
  std::vector<std::string> words(1);
  char quote = 0;
  for (const char c : info) {
    if (quote == 0 && (c == ' ' || c == '\t' || c == '{' || c == '}' || c == ',')) {
      if (!words.back().empty()) words.emplace_back();
      continue;
    }
    if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    }
    words.back() += c;
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

/// Returns the path in `title="src/main.c"`, or "".
std::string path_of_key(std::string_view word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos) return "";
  return contains(kPathKeys, lower(word.substr(0, equals))) ? bare_path(word.substr(equals + 1))
                                                            : "";
}

/// Reads a first word such as `c:src/main.c` or `12:40:src/main.c`.
bool read_language_and_path(std::string_view word, Info& info) {
  const std::size_t colon = word.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  std::string_view rest = word.substr(colon + 1);
  std::string_view language = word.substr(0, colon);
  if (std::all_of(language.begin(), language.end(), is_digit)) {
    const std::size_t second = rest.find(':');
    if (second == std::string_view::npos) return false;
    rest.remove_prefix(second + 1);
    language = {};
  }
  info.path = bare_path(rest);
  if (info.path.empty()) return false;
  info.language = language;
  return true;
}

/// Returns a line without the markdown around its text.
std::string_view without_markup(std::string_view line) {
  line = text::trim(line);
  while (!line.empty() && (line.front() == '#' || line.front() == '>')) line.remove_prefix(1);
  line = text::trim(line);
  if (line.starts_with("- ") || line.starts_with("* ") || line.starts_with("+ ")) {
    line.remove_prefix(2);
  }
  const std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
  if (digits > 0 && line.substr(digits).starts_with(". ")) line.remove_prefix(digits + 2);
  return text::trim(line);
}

bool is_frame(std::string_view text) {
  std::string word;
  for (const char c : lower(text) + " ") {
    if (is_letter(c)) {
      word += c;
    } else {
      if (!word.empty() && !contains(kFrameWords, word)) return false;
      word.clear();
    }
  }
  return true;
}

/// Whether a path within a phrase is certain to be one.
bool is_certain_path(std::string_view path) {
  if (path.find('/') != std::string_view::npos || contains(kNames, path)) return true;
  const std::string extension = lower(path.substr(path.rfind('.') + 1));
  return path.starts_with('.') || kExtensions.find(" " + extension + " ") != std::string_view::npos;
}

/// Returns the path in the only pair of marks of a line with nothing but frame words around it.
std::string marked_path(std::string_view line, std::string_view mark) {
  const std::size_t first = line.find(mark);
  if (first == std::string_view::npos) return "";
  const std::size_t begin = first + mark.size();
  const std::size_t end = line.find(mark, begin);
  if (end == std::string_view::npos) return "";
  const std::string_view after = line.substr(end + mark.size());
  if (!is_frame(line.substr(0, first)) || !is_frame(after)) return "";
  std::string_view inside = text::trim(line.substr(begin, end - begin));
  if (inside.ends_with(':')) inside.remove_suffix(1);
  unwrap(inside, "`");
  std::string path = bare_path(inside);
  const auto has_word = [](std::string_view text) {
    return std::any_of(text.begin(), text.end(), is_letter);
  };
  const bool in_phrase = has_word(line.substr(0, first)) || has_word(after);
  return in_phrase && !is_certain_path(path) ? "" : path;
}

/// Returns the path at the end of `File: src/main.c` or "In src/main.c:", or "".
std::string framed_path(std::string_view line) {
  if (line.ends_with(':')) line.remove_suffix(1);
  if (line.ends_with(')') && line.rfind(" (") != std::string_view::npos) {
    const std::size_t open = line.rfind(" (");
    if (is_frame(line.substr(open))) line = line.substr(0, open);
  }
  line = text::trim(line);
  const std::size_t space = line.rfind(' ');
  const bool framed = space != std::string_view::npos && is_frame(line.substr(0, space));
  std::string path = bare_path(framed ? line.substr(space + 1) : line);
  // Without a mark around it a word must look more like a file than "and/or".
  const bool is_certain =
      has_extension(path) || contains(kNames, path) ||
      (!path.empty() && std::string_view("/.~").find(path.front()) != std::string_view::npos);
  return is_certain && (!framed || is_certain_path(path)) ? path : "";
}

}  // namespace

bool is_path(std::string_view text) {
  if (text.empty() || text.size() > kMostPath || text == "/dev/null") return false;
  const auto strange = [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == 0x7F ||
           std::string_view("<>|*?\"'`,;={}").find(c) != std::string_view::npos;
  };
  if (std::any_of(text.begin(), text.end(), strange)) return false;
  if (text.find("://") != std::string_view::npos || text.front() == '-') return false;
  if (text.ends_with('/') || text.ends_with('.') || text.ends_with("()")) return false;
  const std::size_t slash = text.rfind('/');
  const std::string_view name = text.substr(slash == std::string_view::npos ? 0 : slash + 1);
  if (slash != std::string_view::npos) return text.find("//") == std::string_view::npos;
  return contains(kNames, name) || (has_extension(name) && !contains(kPrograms, lower(name)));
}

Info read_info(std::string_view info) {
  Info read;
  const auto words = split_info(info);
  for (std::size_t i = 0; i < words.size() && read.path.empty(); ++i) {
    const std::string& word = words[i];
    if (i == 0 && read_language_and_path(word, read)) return read;
    if (i == 0 && word.starts_with('.') && info.starts_with('{')) {  // Pandoc: {.python …}
      read.language = word.substr(1);
      continue;
    }
    read.path = path_of_key(word);
    if (read.path.empty()) read.path = bare_path(word);
    if (i == 0 && read.path.empty()) read.language = word;
  }
  return read;
}

std::string read_label(std::string_view line) {
  line = without_markup(line);
  for (const std::string_view mark : {"**", "__", "`", "*"}) {
    std::string path = marked_path(line, mark);
    if (!path.empty()) return path;
  }
  return framed_path(line);
}

std::string read_quote_label(std::string_view line) {
  line = text::trim(line);
  const std::string_view path = without_range(line);
  if (path.size() == line.size()) return "";
  std::string joined(path);
  std::replace(joined.begin(), joined.end(), ' ', '_');
  const bool named = !path.empty() && path.front() != '[' && is_path(joined);
  return named ? std::string(path) : "";
}

}  // namespace chatvim::patch
