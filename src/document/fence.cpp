// SPDX-License-Identifier: Apache-2.0
#include "chatvim/document/fence.hpp"

namespace chatvim::document {
namespace {

constexpr std::size_t kMaxIndentation = 3;
constexpr std::size_t kMinLength = 3;

}  // namespace

void FenceScanner::feed(std::string_view text) {
  while (!text.empty()) {
    if (state_ == State::kOther) {
      const std::size_t end = text.find('\n');
      if (end == std::string_view::npos) {
        return;
      }
      text.remove_prefix(end);
    }
    if (text.front() == '\n') {
      end_line();
    } else {
      take(text.front());
    }
    text.remove_prefix(1);
  }
}

std::string FenceScanner::finish() {
  end_line();
  return open_ ? std::string(opener_.indentation, ' ') +
                     std::string(opener_.length, opener_.character)
               : "";
}

std::string FenceScanner::closer() const {
  FenceScanner ended = *this;
  return ended.finish();
}

void FenceScanner::take(char character) {
  switch (state_) {
    case State::kIndentation:
      if (character == ' ') {
        state_ = ++line_.indentation > kMaxIndentation ? State::kOther : State::kIndentation;
      } else if (character == '`' || character == '~') {
        line_.character = character;
        line_.length = 1;
        state_ = State::kRun;
      } else {
        state_ = State::kOther;
      }
      break;
    case State::kRun:
      if (character == line_.character) {
        ++line_.length;
        break;
      }
      state_ = line_.length < kMinLength ? State::kOther : after_run(character);
      break;
    case State::kAfterRun:
      state_ = after_run(character);
      break;
    case State::kOther:
      break;
  }
}

/// An info string may follow an opener (without backticks if the fence is made of backticks); only
/// white space may follow a closer.
FenceScanner::State FenceScanner::after_run(char character) const {
  const bool fits =
      open_ ? character == ' ' || character == '\t' : line_.character == '~' || character != '`';
  return fits ? State::kAfterRun : State::kOther;
}

void FenceScanner::end_line() {
  const bool fence =
      (state_ == State::kRun || state_ == State::kAfterRun) && line_.length >= kMinLength;
  if (fence && !open_) {
    open_ = true;
    opener_ = line_;
  } else if (fence && line_.character == opener_.character && line_.length >= opener_.length) {
    open_ = false;
  }
  line_ = {};
  state_ = State::kIndentation;
}

}  // namespace chatvim::document
