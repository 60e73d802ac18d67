// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "process.hpp"

namespace chatvim::testing {

/// A child process on a pseudoterminal of 60 columns and 20 rows, which is its standard input,
/// output and error; killed by the destructor. Every wait has a limit, after which an exception
/// fails the test.
class Terminal {
 public:
  /// TERM is xterm unless the environment has another.
  explicit Terminal(Command command);
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal();

  /// Types these bytes.
  void type(std::string_view bytes) const;
  /// Gives the terminal another width, as a user does with its window.
  void resize(int columns) const;
  /// Waits until the text has been shown after what the last `wait_for` found; sequences that move
  /// the cursor are shown as they are.
  void wait_for(std::string_view text);
  /// Waits until it exits. Returns the exit code, or 128 + n if signal n killed it.
  int wait();
  /// Sends a signal.
  void signal(int number) const;
  /// Whether the terminal shows what is typed, as it does unless a program changes that.
  bool echoes() const;
  /// Returns everything that it has written so far.
  const std::string& output() const { return output_; }

 private:
  bool read(int limit_ms);

  pid_t pid_ = -1;
  int fd_ = -1;
  int held_ = -1;  ///< the other end, so that its modes can be read after the program has ended
  std::string output_;
  std::size_t found_ = 0;  ///< the end of what was waited for
};

}  // namespace chatvim::testing
