// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/error.hpp"
#include "chatvim/loop/loop.hpp"

// What the loop needs of the operating system beyond polling: descriptors, signals, child
// processes. Unix in `system_unix.cpp`; another platform is one more file.
namespace chatvim::loop {

/// How a read or write of a descriptor went.
enum class Transfer { kDone, kWouldBlock, kClosed };

/// The descriptors of standard input and output.
int standard_input();
int standard_output();

/// Makes reads and writes return at once.
void set_nonblocking(int fd);
/// Fills in what the descriptors are ready for, without waiting.
void poll_now(std::span<Descriptor> descriptors);
/// Reads at most `size` bytes; `count` tells how many came.
Transfer read_some(int fd, char* data, std::size_t size, std::size_t& count);
/// Writes at most `bytes`; `count` tells how many went.
Transfer write_some(int fd, std::string_view bytes, std::size_t& count);
/// Writes all of it, waiting as long as it takes. False when the other end is gone.
bool write_all(int fd, std::string_view bytes);
/// A write to a closed pipe is an error value, not the program's end.
void ignore_broken_pipes();
/// True when the descriptor is a terminal.
bool is_terminal(int fd);

/// Gives memory back that was only needed for a while: free heap, and pages of code that can be
/// read again from their files. Costs a fraction of a millisecond now and at the next use; for an
/// idle moment.
void give_back_memory();

/// Calls back, from the loop, when the user interrupts the program (SIGINT, SIGTERM). One at a time
/// in a process.
class Interrupts {
 public:
  Interrupts(Loop& loop, std::function<void()> on_interrupt);
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;
  ~Interrupts();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A child process that is run for what it prints. Destroying it kills the child and its group;
/// nothing is left behind.
class ChildProcess {
 public:
  struct Result {
    int exit_code = 0;  ///< 128 + n when signal n ended it
    bool timed_out = false;
    std::string output;        ///< at most 64 KiB
    std::string error_output;  ///< at most 64 KiB
  };
  /// Starts `arguments[0]`, looked up on $PATH, with no shell and no standard input. `on_exit` is
  /// called once from the loop, unless this object is destroyed before.
  static chatvim::Result<std::unique_ptr<ChildProcess>> start(
      Loop& loop, const std::vector<std::string>& arguments, std::chrono::milliseconds limit,
      std::function<void(Result)> on_exit);
  ~ChildProcess();

 private:
  struct Impl;
  explicit ChildProcess(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace chatvim::loop
