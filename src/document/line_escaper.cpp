// SPDX-License-Identifier: Apache-2.0
#include "line_escaper.hpp"

namespace chatvim::document {

LineEscaper::LineEscaper(const SpecialLines& special, SpecialLines::Kinds first,
                         SpecialLines::Kinds others)
    : special_(&special), first_(first), others_(others) {
  start_line();
}

void LineEscaper::feed(std::string_view text, std::string& out) {
  while (!text.empty()) {
    if (state_ == State::kPassing) {
      const std::size_t end = text.find('\n');
      out += text.substr(0, end);
      if (end == std::string_view::npos) {
        return;
      }
      text.remove_prefix(end);
    }
    if (text.front() == '\n') {
      end_line(out);
    } else {
      take(text.front(), out);
    }
    text.remove_prefix(1);
  }
}

void LineEscaper::finish(std::string& out) {
  end_line(out);
  gap_.clear();
}

void LineEscaper::resume(std::string_view written) {
  begun_ = true;
  start_line();
  if (written.back() != '\n') {
    state_ = State::kPassing;
  }
}

void LineEscaper::take(char character, std::string& out) {
  line_ += character;
  if (state_ == State::kBlank) {
    if (character == ' ' || character == '\t') {
      return;
    }
    state_ = State::kCandidate;
    if (line_.size() > 1) {
      match_.candidates = 0;  // special lines start in column 1
    }
  }
  special_->advance(match_, character);
  if (!special_->is_open(match_)) {
    release(0, out);
  }
}

void LineEscaper::end_line(std::string& out) {
  if (state_ == State::kCandidate) {
    release(special_->slashes_to_add(match_), out);
  }
  if (begun_) {
    gap_ += line_;
    gap_ += '\n';
  }
  start_line();
}

void LineEscaper::start_line() {
  state_ = State::kBlank;
  line_.clear();
  match_ = special_->start(begun_ ? others_ : first_);
}

void LineEscaper::release(std::size_t slashes, std::string& out) {
  out += gap_;
  out.append(slashes, '\\');
  out += line_;
  gap_.clear();
  line_.clear();
  begun_ = true;
  state_ = State::kPassing;
}

}  // namespace chatvim::document
