// SPDX-License-Identifier: Apache-2.0
#include "chatvim/glob/ignore.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "chatvim/glob/path.hpp"
#include "chatvim/glob/wildcard.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::glob {
namespace {

/// No one writes more patterns than that.
constexpr std::uint64_t kMostBytes = 256U << 10U;
constexpr std::size_t kMostRules = 5000;
constexpr std::size_t kMostPattern = 1000;

/// Without the spaces at its end, but for one that a backslash protects.
std::string_view trim_spaces(std::string_view line) {
  std::size_t end = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '\\') {
      at = std::min(at + 1, line.size() - 1);
      end = at + 1;
    } else if (line[at] != ' ') {
      end = at + 1;
    }
  }
  return line.substr(0, end);
}

std::string_view trim_line(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) {
    text.remove_suffix(1);
  }
  return text;
}

/// What a small file says in its one line, or nothing.
std::optional<std::string> read_line(const std::string& path, const files::Files& files) {
  const auto text = files.read(path, 4096);
  return text ? std::optional<std::string>(trim_line(*text)) : std::nullopt;
}

/// The folder with `info/exclude` of a repository. In a work tree `.git` is a file that names
/// another folder, which names the common one (gitrepository-layout(5)).
std::string folder_of_exclude(const std::string& top, const files::Files& files) {
  const std::string git = join(top, ".git");
  const auto entry = files.look(git);
  if (!entry || entry->kind != files::Entry::Kind::kFile) return git;
  const auto line = read_line(git, files);
  constexpr std::string_view kKey = "gitdir: ";
  if (!line || !line->starts_with(kKey)) return git;
  const std::string folder = join(top, std::string_view(*line).substr(kKey.size()));
  const auto common = read_line(join(folder, "commondir"), files);
  return common ? join(folder, *common) : folder;
}

/// The top of the repository that a folder is in; empty: it is in none.
std::string top_of(std::string folder, const files::Files& files) {
  for (;;) {
    const auto entry = files.look(join(folder, ".git"));
    if (entry && entry->kind != files::Entry::Kind::kMissing) return folder;
    if (folder == "/" || folder.empty()) return {};
    folder = folder_of(folder);
  }
}

}  // namespace

IgnoreFile::IgnoreFile(std::string_view text) {
  if (text.starts_with(text::kByteOrderMark)) text.remove_prefix(text::kByteOrderMark.size());
  while (!text.empty() && rules_.size() < kMostRules) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with('#')) continue;
    line = trim_spaces(line);
    Rule rule;
    rule.negated = line.starts_with('!');
    if (rule.negated) line.remove_prefix(1);
    rule.only_folders = line.ends_with('/');
    if (rule.only_folders) line.remove_suffix(1);
    rule.only_name = line.find('/') == std::string_view::npos;
    if (line.starts_with('/')) line.remove_prefix(1);
    if (line.empty() || line.size() > kMostPattern) continue;
    rule.plain = std::min(line.find_first_of("*?[\\"), line.size());
    rule.pattern = line;
    rules_.push_back(std::move(rule));
  }
}

/// As git does it: the plain beginning is compared first, and taken away. So `a**/b` is not what
/// gitignore(5) says, but means a beginning `a` and then any number of folders.
bool IgnoreFile::fits(const Rule& rule, std::string_view path) {
  const std::string_view pattern = rule.pattern;
  if (rule.plain == pattern.size()) return path == pattern;
  if (rule.only_name) return matches(pattern, path);
  return path.starts_with(pattern.substr(0, rule.plain)) &&
         matches(pattern.substr(rule.plain), path.substr(rule.plain));
}

IgnoreFile::Verdict IgnoreFile::look(std::string_view path, bool is_folder) const {
  for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) {
    if (rule->only_folders && !is_folder) continue;
    if (fits(*rule, rule->only_name ? base_name(path) : path)) {
      return rule->negated ? Verdict::kWanted : Verdict::kIgnored;
    }
  }
  return Verdict::kNone;
}

Ignore Ignore::at(const std::string& folder, const files::Files& files) {
  Ignore ignore(folder);
  const std::string top = top_of(folder, files);
  if (top.empty()) {
    ignore.add(folder, join(folder, ".gitignore"), files);
    return ignore;
  }
  ignore.add(top, join(folder_of_exclude(top, files), "info/exclude"), files);
  std::string level = top;
  ignore.add(level, join(level, ".gitignore"), files);
  const auto rest = glob::below(folder, top);
  for (std::size_t at = 0; rest && at < rest->size();) {
    const std::size_t end = std::min(rest->find('/', at), rest->size());
    level = join(level, rest->substr(at, end - at));
    ignore.add(level, join(level, ".gitignore"), files);
    at = end + 1;
  }
  return ignore;
}

Ignore Ignore::below(const std::string& name, const files::Files& files) const {
  Ignore ignore(join(folder_, name));
  ignore.levels_ = levels_;
  ignore.add(ignore.folder_, join(ignore.folder_, ".gitignore"), files);
  return ignore;
}

void Ignore::add(const std::string& folder, const std::string& file, const files::Files& files) {
  // A link is not followed, as git does not: it could lead anywhere.
  const auto text = files.read(file, kMostBytes);
  if (text && !text->empty()) levels_.push_back({folder, std::make_shared<IgnoreFile>(*text)});
}

bool Ignore::ignores(std::string_view name, bool is_folder) const {
  const std::string path = join(folder_, name);
  for (auto level = levels_.rbegin(); level != levels_.rend(); ++level) {
    const auto seen = glob::below(path, level->folder);
    const auto verdict =
        seen ? level->patterns->look(*seen, is_folder) : IgnoreFile::Verdict::kNone;
    if (verdict != IgnoreFile::Verdict::kNone) return verdict == IgnoreFile::Verdict::kIgnored;
  }
  return false;
}

}  // namespace chatvim::glob
