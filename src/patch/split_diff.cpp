// SPDX-License-Identifier: Apache-2.0
#include "split_diff.hpp"

#include <algorithm>

#include "block_path.hpp"
#include "chatvim/text/lines.hpp"

namespace chatvim::patch {
namespace {

constexpr std::string_view kOld = "--- ";
constexpr std::string_view kNew = "+++ ";
constexpr std::string_view kGit = "diff --git ";

/// Returns the path of a header line: without a time after a tab, quotes and git's `a/` or `b/`.
std::string header_path(std::string_view line, std::string_view prefix) {
  line = text::trim(line.substr(0, line.find('\t')).substr(kOld.size()));
  if (line.size() > 1 && line.front() == '"' && line.back() == '"') {
    line = line.substr(1, line.size() - 2);
  }
  if (line == "/dev/null") return "";
  return std::string(line.starts_with(prefix) ? line.substr(prefix.size()) : line);
}

/// Whether the header of a file is at a line. A removed line may begin with `-- `, so the line
/// after it counts too.
bool is_header(const std::vector<std::string_view>& lines, std::size_t i) {
  return i + 1 < lines.size() && lines[i].starts_with(kOld) && lines[i + 1].starts_with(kNew);
}

bool is_hunk_line(std::string_view line) {
  return line.empty() || std::string_view(" +-\\@\t").find(line.front()) != std::string_view::npos;
}

/// Returns the index of the first line that belongs to the header at `i`: what git writes above.
std::size_t header_start(const std::vector<std::string_view>& lines, std::size_t i) {
  for (std::size_t at = i; at > 0 && i - at < 8; --at) {
    if (lines[at - 1].starts_with("diff ")) return at - 1;
    if (is_hunk_line(lines[at - 1])) break;
  }
  return i;
}

/// Returns the new path of a line `diff --git a/PATH b/PATH`, or "".
std::string git_path(std::string_view line) {
  const std::size_t at = line.rfind(" b/");
  return at == std::string_view::npos ? "" : std::string(text::trim(line.substr(at + 3)));
}

}  // namespace

bool looks_like_diff(std::string_view text) {
  const auto lines = text::split_buffer(text);
  std::size_t i = 0;
  while (i < lines.size() && text::is_blank(lines[i])) ++i;
  if (i < lines.size() && lines[i].starts_with("diff ")) {
    while (i < lines.size() && !is_header(lines, i) && !lines[i].starts_with("@@")) ++i;
  }
  if (is_header(lines, i)) i += 2;
  if (i >= lines.size() || !lines[i].starts_with("@@")) return false;
  return std::all_of(lines.begin() + static_cast<std::ptrdiff_t>(i), lines.end(), [](auto line) {
    return is_hunk_line(line) || line.starts_with("diff ") || line.starts_with("index ");
  });
}

std::vector<FileDiff> split_diff(std::string_view text) {
  const auto lines = text::split_buffer(text);
  std::vector<FileDiff> parts(1);
  std::vector<std::size_t> starts = {0};
  bool has_header = false;  // the part has its two lines with paths
  bool has_hunk = false;
  bool is_git = false;  // the part begins with a line of git's
  const auto begin = [&](std::size_t row, bool by_git) {
    if (has_header || has_hunk || is_git) {
      parts.emplace_back();
      starts.push_back(std::max(row, starts.back() + 1));
    }
    has_header = has_hunk = false;
    is_git = by_git;
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].starts_with(kGit)) {
      begin(i, true);
      parts.back().path = git_path(lines[i]);
    } else if (is_header(lines, i)) {
      if (has_header || has_hunk) begin(header_start(lines, i), false);
      std::string path = header_path(lines[i + 1], "b/");
      if (path.empty()) path = header_path(lines[i], "a/");
      parts.back().path = std::move(path);
      has_header = true;
    } else if (lines[i].starts_with("@@")) {
      has_hunk = true;
    }
  }
  for (std::size_t part = 0; part < parts.size(); ++part) {
    const std::size_t end = part + 1 < parts.size() ? starts[part + 1] : lines.size();
    for (std::size_t i = starts[part]; i < end; ++i) {
      if (i > starts[part]) parts[part].text += '\n';
      parts[part].text += text::without_returns(lines[i]);
    }
  }
  return parts;
}

}  // namespace chatvim::patch
