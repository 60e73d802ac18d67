// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace chatvim::document {

/// Tracks fenced code blocks in text that arrives in pieces, split anywhere (CommonMark 0.31,
/// section 4.5, at the top level: fences in list items and quotes end with their container).
class FenceScanner {
 public:
  /// Takes the next piece of the text; lines are separated by `\n`.
  void feed(std::string_view text);
  /// Ends the text; its last line counts even without a line break. Returns the line that closes
  /// the open fence, or "".
  std::string finish();
  /// Whether a fence is open after the last complete line.
  bool is_open() const { return open_; }
  /// Returns the line that would close the open fence if the text ended here, or "".
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
  Fence opener_;  // the opener of the open fence
  Fence line_;    // the possible fence on the current line
  State state_ = State::kIndentation;
};

}  // namespace chatvim::document
