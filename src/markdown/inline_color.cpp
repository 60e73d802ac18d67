// SPDX-License-Identifier: Apache-2.0
#include "inline_color.hpp"

#include <string_view>

#include "characters.hpp"

namespace chatvim::markdown {

namespace {

bool is_punctuation(char character) {
  constexpr std::string_view kPunctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
  return kPunctuation.find(character) != std::string_view::npos;
}

/// Whether a run of `*` or `_` between these characters can open emphasis, as far as the side
/// `inner` of the run decides. Other than in CommonMark, characters beyond ASCII count as letters.
bool flanks(char inner, char outer) {
  if (is_space(inner)) return false;
  return !is_punctuation(inner) || is_space(outer) || is_punctuation(outer);
}

bool is_word(char character) { return !is_space(character) && !is_punctuation(character); }

}  // namespace

void InlineColor::begin_line(Style base) {
  base_ = base;
  before_ = ' ';
}

void InlineColor::take(char character) {
  if (!run_.empty()) {
    const bool grows = run_[0] == character && character != '\\' && character != ']';
    if (grows) {
      run_ += character;
      return;
    }
    const bool escapes = run_ == "\\" && code_ == 0 && is_punctuation(character);
    resolve(character);
    if (escapes) return put(std::string_view(&character, 1), style());
  }
  if (target_ > 0) return take_target(character);
  const bool holds = code_ > 0 ? character == '`'
                               : character == '*' || character == '_' || character == '`' ||
                                     character == '\\' || character == ']';
  if (holds) {
    run_ = character;
  } else {
    put(std::string_view(&character, 1), style());
  }
}

void InlineColor::end_line() {
  if (!run_.empty()) resolve('\n');
  target_ = 0;
}

void InlineColor::reset() {
  strong_ = emphasis_ = 0;
  code_ = target_ = 0;
}

void InlineColor::resolve(char next) {
  if (run_[0] == '`') {
    resolve_code();
  } else if (run_[0] == '*' || run_[0] == '_') {
    resolve_emphasis(next);
  } else {
    put(run_, style());
    if (run_ == "]" && next == '(') target_ = 1;
  }
  run_.clear();
}

void InlineColor::resolve_code() {
  if (code_ == 0) {
    code_ = run_.size();
    return put(run_, style());
  }
  put(run_, style());
  if (run_.size() == code_) code_ = 0;
}

void InlineColor::resolve_emphasis(char next) {
  const char character = run_[0];
  bool opens = flanks(next, before_);
  bool closes = flanks(before_, next);
  if (character == '_') {
    opens = opens && !is_word(before_);
    closes = closes && !is_word(next);
  }
  const Style before = style();
  std::size_t left = run_.size();
  if (closes && strong_ == character && left >= 2) {
    strong_ = 0;
    left -= 2;
  }
  if (closes && emphasis_ == character && left >= 1) {
    emphasis_ = 0;
    --left;
  }
  if (opens && strong_ == 0 && left >= 2) {
    strong_ = character;
    left -= 2;
  }
  if (opens && emphasis_ == 0 && left == 1) emphasis_ = character;
  put(run_, before | style());
}

/// The target begins with its parenthesis, which has been counted, and ends with the one that
/// matches.
void InlineColor::take_target(char character) {
  const bool begins = before_ == ']' && target_ == 1;
  put(std::string_view(&character, 1), style());
  if (character == '(' && !begins) ++target_;
  if (character == ')') --target_;
}

void InlineColor::put(std::string_view text, Style style) {
  paint_.put(text, style);
  before_ = text.back();
}

Style InlineColor::style() const {
  Style style = base_;
  if (strong_ != 0) style |= kStrongStyle;
  if (emphasis_ != 0) style |= kEmphasisStyle;
  if (code_ > 0) style |= kCodeStyle;
  if (target_ > 0) style |= kLinkStyle;
  return style;
}

}  // namespace chatvim::markdown
