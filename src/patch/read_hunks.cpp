// SPDX-License-Identifier: Apache-2.0
#include "read_hunks.hpp"

#include <algorithm>
#include <utility>

#include "chatvim/text/lines.hpp"

namespace chatvim::patch {
namespace {

constexpr std::size_t kMostNumber = 1'000'000'000;

/// The start and the count in one half of a hunk's header.
struct Range {
  std::size_t start = 0;
  std::size_t count = 1;
};

std::optional<std::size_t> take_number(std::string_view& text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0) return std::nullopt;
  std::size_t number = 0;
  for (const char c : text.substr(0, digits)) {
    number = std::min(number * 10 + static_cast<std::size_t>(c - '0'), kMostNumber);
  }
  text.remove_prefix(digits);
  return number;
}

/// Reads `-12,3` after white space; nothing if there is no such range.
std::optional<Range> take_range(std::string_view& text, char mark) {
  std::string_view rest = text::trim(text);
  if (rest.empty() || rest.front() != mark) return std::nullopt;
  rest.remove_prefix(1);
  const auto start = take_number(rest);
  if (!start) return std::nullopt;
  Range range{*start};
  if (rest.starts_with(',')) {
    rest.remove_prefix(1);
    const auto count = take_number(rest);
    if (!count) return std::nullopt;
    range.count = *count;
  }
  text = rest;
  return range;
}

std::size_t count_lines(const Hunk& hunk, char other_mark) {
  return static_cast<std::size_t>(
      std::count_if(hunk.lines.begin(), hunk.lines.end(),
                    [&](const Hunk::Line& line) { return line.mark != other_mark; }));
}

/// Reads the lines of a diff one by one.
class HunkReader {
 public:
  tl::expected<FileHunks, std::string> run(const Lines& lines) {
    // Models also write the lines of a hunk without a header.
    has_hunks_ = std::any_of(lines.begin(), lines.end(),
                             [](std::string_view line) { return line.starts_with("@@"); });
    for (std::size_t i = 0; i < lines.size() && problem_.empty(); ++i) {
      take(lines, i);
    }
    end_hunk();
    if (!problem_.empty()) return tl::unexpected(problem_);
    if (read_.hunks.empty() && !read_.deletes_file) {
      return tl::unexpected(std::string("the diff has no hunk, which begins with @@"));
    }
    return std::move(read_);
  }

 private:
  void take(const Lines& lines, std::size_t i) {
    const std::string_view line = text::without_returns(lines[i]);
    const std::string_view next =
        i + 1 < lines.size() ? text::without_returns(lines[i + 1]) : std::string_view();
    if (line.starts_with("@@")) return begin_hunk(line);
    if (line.starts_with("--- ") && next.starts_with("+++ ")) return take_header(next);
    if (line.starts_with("\\")) return;
    if (is_git_header(line)) return take_git_header(line);
    if (!open_ && !has_hunks_ && is_hunk_line(line)) begin_hunk("@@");
    if (open_) take_hunk_line(line);
  }

  void begin_hunk(std::string_view header) {
    end_hunk();
    open_ = true;
    hunk_ = {};
    header.remove_prefix(2);
    old_ = take_range(header, '-');
    new_ = take_range(header, '+');
  }

  void take_header(std::string_view new_file) {
    end_hunk();
    if (has_header_) problem_ = "the diff changes several files";
    has_header_ = true;
    read_.deletes_file = text::trim(new_file.substr(4)).starts_with("/dev/null");
  }

  void take_git_header(std::string_view line) {
    end_hunk();
    const bool begins_file = line.starts_with("diff --git ");
    if (begins_file && !read_.hunks.empty()) problem_ = "the diff changes several files";
  }

  static bool is_git_header(std::string_view line) {
    return line.starts_with("diff --git ") || line.starts_with("index ");
  }

  static bool is_hunk_line(std::string_view line) {
    return !line.empty() && std::string_view(" -+").find(line.front()) != std::string_view::npos;
  }

  void take_hunk_line(std::string_view line) {
    if (line.empty()) {
      hunk_.lines.push_back({' ', line});
    } else if (is_hunk_line(line)) {
      hunk_.lines.push_back({line.front(), line.substr(1)});
    } else {
      problem_ = "a line of the diff begins with none of space, - and +";
    }
  }

  void end_hunk() {
    if (!std::exchange(open_, false)) return;
    if (old_) hunk_.old_start = old_->start;
    if (new_) hunk_.new_start = new_->start;
    drop_uncounted_tail();
    hunk_.counts_are_right = old_ && new_ && has_counts();
    hunk_.blank_tail = blank_tail();
    if (!hunk_.lines.empty()) read_.hunks.push_back(std::move(hunk_));
  }

  bool has_counts() const {
    return count_lines(hunk_, '+') == old_->count && count_lines(hunk_, '-') == new_->count;
  }

  /// Blank lines between two hunks are no context if the counts say so.
  void drop_uncounted_tail() {
    if (!old_ || !new_) return;
    const std::size_t old = count_lines(hunk_, '+');
    const std::size_t extra = old - std::min(old, old_->count);
    if (extra > blank_tail() || count_lines(hunk_, '-') != new_->count + extra) return;
    hunk_.lines.resize(hunk_.lines.size() - extra);
  }

  std::size_t blank_tail() const {
    const auto other = std::find_if(
        hunk_.lines.rbegin(), hunk_.lines.rend(),
        [](const Hunk::Line& line) { return line.mark != ' ' || !text::is_blank(line.text); });
    return static_cast<std::size_t>(other - hunk_.lines.rbegin());
  }

  FileHunks read_;
  Hunk hunk_;
  std::optional<Range> old_;
  std::optional<Range> new_;
  bool open_ = false;
  bool has_hunks_ = false;
  bool has_header_ = false;
  std::string problem_;
};

}  // namespace

Lines Hunk::old_lines() const {
  Lines old;
  for (const Line& line : lines) {
    if (line.mark != '+') old.push_back(line.text);
  }
  return old;
}

tl::expected<FileHunks, std::string> read_hunks(const Lines& lines) {
  return HunkReader().run(lines);
}

}  // namespace chatvim::patch
