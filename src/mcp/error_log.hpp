// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace chatvim::mcp {

/// Turns the standard error of a server into cleaned lines of a log, and no more than a log can
/// bear.
class ErrorLog {
 public:
  explicit ErrorLog(std::function<void(std::string_view)> on_line) : on_line_(std::move(on_line)) {}

  void feed(std::string_view bytes);
  /// Ends the last line.
  void finish();
  /// The last line that is not blank, which often says why a server ended.
  const std::string& last_line() const { return last_line_; }

 private:
  void end_line();

  std::function<void(std::string_view)> on_line_;
  std::string line_;
  std::string last_line_;
  std::size_t logged_ = 0;  // bytes
  bool is_full_ = false;
};

}  // namespace chatvim::mcp
