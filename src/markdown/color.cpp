// SPDX-License-Identifier: Apache-2.0
#include "chatvim/markdown/color.hpp"

#include <cstddef>
#include <utility>

#include "characters.hpp"
#include "chatvim/text/lines.hpp"
#include "inline_color.hpp"
#include "line_head.hpp"
#include "paint.hpp"

namespace chatvim::markdown {

namespace {

using Kind = LineHead::Kind;

constexpr std::string_view kFrontMatterMarker = "+++";

/// Returns the column of the first character that is not white space, with tab stops every four.
std::size_t columns_before(std::string_view line) {
  std::size_t column = 0;
  for (const char character : line) {
    if (character == '\t') {
      column += 4 - column % 4;
    } else if (character == ' ') {
      ++column;
    } else {
      break;
    }
  }
  return column;
}

}  // namespace

/// Reads the beginning of each line to learn what the line is; the rest of it goes straight on.
class Colorizer::Impl {
 public:
  std::string feed(std::string_view text) {
    for (const char character : text) take(character);
    return paint_.take();
  }

  std::string finish() {
    if (in_head_ && !head_.empty()) decide(true);
    inline_.end_line();
    paint_.change_to(kPlainStyle);
    return paint_.take();
  }

 private:
  void take(char character) {
    if (character == '\n') return end_line();
    if (!in_head_) return take_rest(character);
    head_ += character;
    is_head_blank_ = is_head_blank_ && is_space(character);
    // White space decides nothing, however much of it comes.
    if (!is_head_blank_ || head_.size() > kMostHeld) decide(false);
  }

  void take_rest(char character) {
    if (uniform_ != kPlainStyle) return paint_.put(std::string_view(&character, 1), uniform_);
    inline_.take(character);
  }

  void end_line() {
    if (in_head_) decide(true);
    inline_.end_line();
    paint_.put("\n", kPlainStyle);
    if (is_heading_) inline_.reset();
    in_head_ = is_head_blank_ = true;
    first_line_ = in_marker_ = is_heading_ = false;
    base_ = kPlainStyle;
    uniform_ = kPlainStyle;
  }

  void decide(bool complete) {
    if (in_front_matter_) return decide_front_matter(complete);
    if (fence_ != 0) return decide_code(complete);
    decide_block(complete);
  }

  void decide_front_matter(bool complete) {
    if (!complete) return;
    if (is_front_matter_marker()) in_front_matter_ = false;
    paint_head(kDimStyle);
  }

  void decide_code(bool complete) {
    const bool may_close =
        head_.find_first_not_of(std::string{' ', '\t', '\r', fence_}) == std::string::npos;
    if (may_close && !complete && head_.size() <= kMostHeld) return;
    if (!closes_fence(head_, fence_, fence_length_)) return paint_head(kCodeStyle);
    fence_ = 0;
    paint_head(kDimStyle);
  }

  void decide_block(bool complete) {
    const LineHead head = read_line_head(head_, complete);
    const bool ends_list = head.kind == Kind::kHeading || head.kind == Kind::kDelimiter ||
                           head.kind == Kind::kFence || head.kind == Kind::kQuote;
    if (ends_list && !in_marker_ && columns_before(head_) == 0) in_list_ = false;
    switch (head.kind) {
      case Kind::kUndecided:
        return;
      case Kind::kText:
        return begin_text();
      case Kind::kBlank:
        return begin_blank();
      case Kind::kHeading:
        is_heading_ = true;
        return begin_block(kHeadingStyle);
      case Kind::kDelimiter:
        return begin_uniform(kDelimiterStyle);
      case Kind::kFence:
        return begin_fence();
      case Kind::kRule:
        in_front_matter_ = first_line_ && is_front_matter_marker();
        return begin_uniform(kDimStyle);
      case Kind::kQuote:
        base_ = kQuoteStyle;
        return begin_nested(head.size, complete);
      case Kind::kItem:
        in_list_ = true;
        inline_.reset();
        return begin_nested(head.size, complete);
    }
  }

  void begin_text() {
    const std::size_t indentation = columns_before(head_);
    if (!in_marker_ && after_blank_ && !in_list_ && indentation >= kCodeColumns) {
      return paint_head(kCodeStyle);
    }
    if (!in_marker_ && after_blank_ && indentation == 0) in_list_ = false;
    if (!in_marker_) after_blank_ = false;
    pass_head();
  }

  void begin_blank() {
    inline_.reset();
    if (!in_marker_) after_blank_ = true;
    pass_head();
  }

  /// Begins a line that is a block of its own and may have spans.
  void begin_block(Style style) {
    inline_.reset();
    after_blank_ = false;
    base_ |= style;
    pass_head();
  }

  /// Begins a line that has one style.
  void begin_uniform(Style style) {
    inline_.reset();
    after_blank_ = true;
    in_list_ = in_list_ && in_marker_;
    paint_head(style);
  }

  void begin_fence() {
    // In a quote the lines of the code begin with `>`; a span of backticks comes close.
    if (base_ == kQuoteStyle) return begin_text();
    const std::size_t start = head_.find_first_not_of(" \t");
    fence_ = head_[start];
    fence_length_ = run_length(std::string_view(head_).substr(start));
    after_blank_ = true;
    inline_.reset();
    paint_head(kDimStyle);
  }

  /// Paints the marker of a quote or an item; another block may follow it.
  void begin_nested(std::size_t size, bool complete) {
    in_marker_ = true;
    after_blank_ = false;
    paint_.put(std::string_view(head_).substr(0, size), kMarkerStyle);
    head_.erase(0, size);
    is_head_blank_ = text::is_blank(head_);
    if (!head_.empty()) return decide(complete);
    if (complete) pass_head();
  }

  /// Hands the held beginning to the coloring of spans.
  void pass_head() {
    in_head_ = false;
    inline_.begin_line(base_);
    for (const char character : std::exchange(head_, {})) inline_.take(character);
  }

  void paint_head(Style style) {
    in_head_ = false;
    uniform_ = style;
    paint_.put(std::exchange(head_, {}), style);
  }

  bool is_front_matter_marker() const {
    const std::size_t end = head_.find_last_not_of(" \t\r");
    return end != std::string::npos &&
           std::string_view(head_).substr(0, end + 1) == kFrontMatterMarker;
  }

  Paint paint_;
  InlineColor inline_{paint_};
  std::string head_;     ///< the beginning of the line, held back
  bool in_head_ = true;  ///< what the line is has not been decided
  bool is_head_blank_ = true;
  bool in_marker_ = false;  ///< the line began with the marker of a quote or an item
  bool is_heading_ = false;
  bool first_line_ = true;
  bool in_front_matter_ = false;
  bool after_blank_ = true;  ///< no paragraph can be continued by this line
  bool in_list_ = false;
  Style base_ = kPlainStyle;     ///< of the line
  Style uniform_ = kPlainStyle;  ///< of the whole rest of the line, without spans
  char fence_ = 0;               ///< the character of the open fence, or 0
  std::size_t fence_length_ = 0;
};

Colorizer::Colorizer() : impl_(std::make_unique<Impl>()) {}
Colorizer::~Colorizer() = default;
Colorizer::Colorizer(Colorizer&& other) noexcept = default;
Colorizer& Colorizer::operator=(Colorizer&& other) noexcept = default;
std::string Colorizer::feed(std::string_view text) { return impl_->feed(text); }
std::string Colorizer::finish() {
  std::string rest = impl_->finish();
  impl_ = std::make_unique<Impl>();
  return rest;
}

}  // namespace chatvim::markdown
