// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace chatvim::document {

/// Follows the fenced code blocks of text that comes in pieces cut anywhere (CommonMark 0.31,
/// section 4.5, at the top level: fences in list items and quotes end with their container).
class FenceScanner {
 public:
  /// The next piece of the text; lines are separated by `\n`.
  void feed(std::string_view text);
  /// The text is complete: its last line counts though no line break ends it. Returns the line that
  /// closes the fence that is open, or nothing.
  std::string finish();
  /// Whether the lines that have ended leave a fence open.
  bool is_open() const { return open_; }
  /// The line that would close the fence that is open if the text ended here, or nothing.
  std::string closer() const;

 private:
  struct Fence {
    std::size_t indentation = 0;
    std::size_t length = 0;
    char character = 0;
  };
  enum class State { kIndentation, kRun, kAfterRun, kOther };

  void take(char character);
  State after_run(char character) const;
  void end_line();

  bool open_ = false;
  Fence opener_;  // of the open fence
  Fence line_;    // the fence that the line may be
  State state_ = State::kIndentation;
};

}  // namespace chatvim::document
