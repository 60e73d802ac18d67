// SPDX-License-Identifier: Apache-2.0
#include "first_value.hpp"

namespace chatvim::wire {

bool FirstValue::closes(std::string_view body) {
  if (closed_) return false;
  feed(body.substr(at_));
  return closed_;
}

std::size_t FirstValue::feed(std::string_view piece) {
  std::size_t taken = 0;
  while (taken < piece.size() && !closed_) take(piece[taken++]);
  at_ += taken;
  return taken;
}

void FirstValue::take(char c) {
  if (in_string_) {
    if (!escaped_ && c == '"') in_string_ = false;
    escaped_ = !escaped_ && c == '\\';
  } else if (c == '"') {
    in_string_ = true;
  } else if (c == '{' || c == '[') {
    ++depth_;
  } else if (c == '}' || c == ']') {
    closed_ = --depth_ == 0;
  }
}

}  // namespace chatvim::wire
