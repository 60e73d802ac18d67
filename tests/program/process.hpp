// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace chatvim::testing {

/// How long a test waits for anything before it fails.
inline constexpr std::chrono::seconds kLimit{30};

/// A program's arguments and environment; nothing else is inherited.
struct Command {
  std::vector<std::string> arguments;  ///< the first is the program's path
  std::map<std::string, std::string> environment;
  std::string folder;  ///< working directory; empty: this process's
};

/// A child process with pipes for its standard streams; killed by the destructor. Every wait has a
/// limit, after which an exception fails the test.
class Process {
 public:
  explicit Process(const Command& command);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  /// Queues bytes for its standard input; they are sent while this object waits for something.
  void write(std::string_view bytes) { unsent_ += bytes; }
  /// Sends the queued bytes, then closes its standard input.
  void end_input();
  /// Closes its standard input now.
  void close_input();
  /// Waits until `done` returns true; reads and writes meanwhile.
  void wait_until(const std::function<bool()>& done, std::chrono::milliseconds limit = kLimit);
  /// Whether all queued bytes have been sent.
  bool all_sent() const { return unsent_.empty(); }
  /// Sends the queued bytes without reading anything.
  void wait_until_sent();
  /// Waits until it exits. Returns the exit code, or 128 + n if signal n killed it.
  int wait(std::chrono::milliseconds limit = kLimit);
  /// Sends a signal.
  void signal(int number) const;

  /// Whether it has exited.
  bool has_ended() { return has_exited(); }
  pid_t pid() const { return pid_; }
  /// What it has written so far.
  std::string& output() { return output_; }
  const std::string& errors() const { return errors_; }

 private:
  void turn(std::chrono::milliseconds limit);
  void read_from(int& fd, std::string& text);
  void write_some();
  bool has_exited();

  pid_t pid_ = -1;
  int input_ = -1;
  int output_end_ = -1;
  int error_end_ = -1;
  bool end_input_ = false;
  int exit_code_ = -1;
  std::string unsent_;
  std::string output_;
  std::string errors_;
};

}  // namespace chatvim::testing
