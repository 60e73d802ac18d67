// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chatvim/error.hpp"
#include "chatvim/loop/loop.hpp"

// A child process to exchange bytes with for as long as it runs. duplex_process_unix.cpp implements
// it for Unix; another platform needs its own file.
namespace chatvim::loop {

/// How to start a child process.
struct ProcessOptions {
  /// The program and its arguments. It is looked up on the PATH of `environment`; there is no
  /// shell.
  std::vector<std::string> arguments;
  /// The child's whole environment, as NAME and value.
  std::vector<std::pair<std::string, std::string>> environment;
  std::string folder;  ///< working folder; empty: ours
};

/// Receives what a child process does. Called from the loop; any call may destroy the process.
class ProcessHandler {
 public:
  virtual ~ProcessHandler() = default;
  /// The next bytes of its standard output or error: at most 64 KiB for each iteration of the
  /// loop.
  virtual void on_output(std::string_view bytes) = 0;
  virtual void on_error_output(std::string_view bytes) = 0;
  /// Called once, last: the process has ended, or has closed its standard output and been told to
  /// end (`exit_code` is -1 then). Otherwise the code is 128 + n if signal n ended it.
  virtual void on_end(int exit_code) = 0;
};

/// A child process in a process group of its own, with pipes for standard input, output and error.
/// Nothing here blocks. When this program ends, in whatever way, its group is ended within a
/// second.
class DuplexProcess {
 public:
  /// The handler must outlive the process. On failure the message is a clause that says why, such
  /// as "npx was not found on PATH".
  static Result<std::unique_ptr<DuplexProcess>> start(Loop& loop, const ProcessOptions& options,
                                                      ProcessHandler& handler);
  DuplexProcess(const DuplexProcess&) = delete;
  DuplexProcess& operator=(const DuplexProcess&) = delete;
  /// Ends the process in the background: closes its input, after 2 seconds sends SIGTERM to its
  /// group, after 2 more SIGKILL. What is left of the group when the process itself has ended is
  /// ended in the same way.
  ~DuplexProcess();

  /// Queues bytes for its standard input.
  void write(std::string_view bytes);
  /// The number of bytes in the queue.
  std::size_t queued() const;

 private:
  friend void end_processes();
  static void end_all();
  struct Impl;
  explicit DuplexProcess(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

/// Ends all such processes and their groups: at once, with SIGTERM and at most half a second later
/// SIGKILL. Blocks meanwhile. For the end of the program.
void end_processes();

}  // namespace chatvim::loop
