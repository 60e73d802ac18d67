// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace chatvim::wire {

/// Finds the end of the JSON object or array that a body begins with, while the body still grows.
/// Looks only at brackets and strings; whether the value is valid JSON is for the caller to check.
class FirstValue {
 public:
  /// Scans what is new in `body`. Returns true the first time that the value is complete.
  bool closes(std::string_view body);
  /// Like `closes`, for a value that arrives in pieces. Returns the number of bytes of `piece` that
  /// belong to the value.
  std::size_t feed(std::string_view piece);
  bool closed() const { return closed_; }
  /// Whether the last byte is part of a string.
  bool in_string() const { return in_string_; }
  /// The offset behind the value, once it is complete.
  std::size_t end() const { return at_; }

 private:
  void take(char c);

  std::size_t at_ = 0;  // bytes scanned
  std::size_t depth_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
  bool closed_ = false;
};

}  // namespace chatvim::wire
