// SPDX-License-Identifier: Apache-2.0
#include "fixed_spans.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

#include "characters.hpp"
#include "line_head.hpp"

namespace chatvim::markdown {

namespace {

constexpr auto kNowhere = std::string_view::npos;
/// Limit of the target of a link, with its title.
constexpr std::size_t kMostTarget = 4000;

/// Goes through a paragraph once and marks what is fixed.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text), bonds_(text.size(), Bond::kFree) {}

  std::vector<Bond> scan() {
    while (at_ < text_.size()) step();
    fix_hard_breaks();
    return std::move(bonds_);
  }

 private:
  void step() {
    switch (text_[at_]) {
      case '\\':
        at_ += 2;
        return;
      case '`':
        return take_code();
      case '<':
        return take_tag();
      case ']':
        return take_target();
      default:
        ++at_;
    }
  }

  void take_code() {
    const std::size_t length = run_length(text_.substr(at_));
    const std::size_t end = find_run(at_ + length, length);
    if (end == kNowhere) return fix_until(at_ + length);
    const std::size_t start = at_;
    fix_until(end + length);
    for (std::size_t i = start; i < end; ++i) {
      if (text_[i] == '\n') bonds_[i] = Bond::kJoins;
    }
  }

  /// Returns the next run of exactly so many backticks. A length that is not found is not looked
  /// for again, which keeps this linear.
  std::size_t find_run(std::size_t from, std::size_t length) {
    if (missing_.contains(length)) return kNowhere;
    while ((from = text_.find('`', from)) != kNowhere) {
      const std::size_t found = run_length(text_.substr(from));
      if (found == length) return from;
      from += found;
    }
    missing_.insert(length);
    return kNowhere;
  }

  void take_tag() {
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : ' ';
    const bool may_be = next == '/' || next == '!' || next == '?' || is_letter(next);
    const std::size_t end = may_be && !no_tags_ ? text_.find('>', at_) : kNowhere;
    if (may_be && end == kNowhere) no_tags_ = true;
    fix_until(end == kNowhere ? at_ : end + 1);
    if (end == kNowhere) ++at_;
  }

  void take_target() {
    ++at_;
    if (at_ >= text_.size() || text_[at_] != '(') return;
    const std::size_t limit = std::min(text_.size(), at_ + kMostTarget);
    std::size_t depth = 0;
    for (std::size_t end = at_; end < limit; ++end) {
      const char character = text_[end];
      if (character == '\\') {
        ++end;
      } else if (character == '(') {
        ++depth;
      } else if (character == ')' && --depth == 0) {
        return fix_until(end + 1);
      } else {
        end = past_quoted(end, limit);
      }
    }
  }

  /// Returns the end of the title, or of the target in angle brackets, that begins at `start`, or
  /// `start`.
  std::size_t past_quoted(std::size_t start, std::size_t limit) const {
    const char before = text_[start - 1];
    const char open = text_[start];
    const bool begins = before == ' ' || before == '\n' || before == '\t' || before == '(';
    if (!begins || (open != '"' && open != '\'' && open != '<')) return start;
    const std::size_t end = text_.find(open == '<' ? '>' : open, start + 1);
    return end < limit ? end : start;
  }

  void fix_until(std::size_t end) {
    std::fill(bonds_.begin() + static_cast<std::ptrdiff_t>(at_),
              bonds_.begin() + static_cast<std::ptrdiff_t>(end), Bond::kFixed);
    at_ = end;
  }

  /// A line that ends with `\` or with two spaces ends with a hard break.
  void fix_hard_breaks() {
    for (std::size_t end = text_.find('\n'); end != kNowhere; end = text_.find('\n', end + 1)) {
      std::size_t start = end;
      while (start > 0 && text_[start - 1] == ' ') --start;
      const bool is_hard = end - start >= 2 || (start == end && end > 0 && text_[end - 1] == '\\');
      if (!is_hard) continue;
      for (std::size_t i = start; i <= end; ++i) bonds_[i] = Bond::kFixed;
    }
  }

  std::string_view text_;
  std::vector<Bond> bonds_;
  std::size_t at_ = 0;
  std::set<std::size_t> missing_;  ///< lengths of backtick runs that do not come again
  bool no_tags_ = false;           ///< no `>` comes again
};

}  // namespace

std::vector<Bond> find_bonds(std::string_view paragraph) { return Scanner(paragraph).scan(); }

}  // namespace chatvim::markdown
