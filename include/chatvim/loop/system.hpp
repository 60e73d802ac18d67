// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
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

/// The descriptors of standard input, output and error.
int standard_input();
int standard_output();
int standard_error();
/// Opens those of the three that the program was started without (`>&-`), so that no file or
/// connection takes their numbers. Input is empty then; writing to the others is an error.
void open_standard_descriptors();
/// False when the descriptor is not open for writing.
bool is_writable(int fd);

/// Keeps other processes of the user, and core dumps, from reading this one's memory.
void hide_memory();

/// Makes reads and writes return at once.
void set_nonblocking(int fd);
/// Fills in what the descriptors are ready for, without waiting.
void poll_now(std::span<Descriptor> descriptors);
/// The same, waiting until one of them is ready or the time is over; true if one is.
bool poll_for(std::span<Descriptor> descriptors, std::chrono::milliseconds timeout);
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

/// Keeps freed memory for the next use until `give_back_memory`, so that a chat of megabytes that
/// is sent again finds its pages there. For a process that lives long.
void keep_memory();
/// Gives free heap back to the system. The next large chat pays for new pages.
void give_back_memory();

/// The time of day, in seconds since 1970 (UTC).
std::int64_t unix_time();

/// Whether there is a file, or a folder, of that name; links are followed.
bool is_regular_file(const std::string& path);
bool is_folder(const std::string& path);

/// A folder that only its owner can look into (mode 0700), made where it is missing, with those
/// above it. False when there is none then; `errno` says why.
bool make_private_folder(const std::string& path);

/// A file that nobody else can have written: the user's or root's, not open to everybody. Nothing,
/// with the reason in `errno` (ENOENT: it is missing), where there is no such file of at most
/// `limit` bytes.
std::optional<std::string> read_private(const std::string& path, std::size_t limit);

/// Appends to a file, which is created with mode 0600; the mode of one that exists stays. Never
/// waits for a pipe, and not inherited by child processes. False if that fails.
bool append_private(const std::string& path, std::string_view text);

/// Gives a file another name, unless there is a file of that name.
bool rename_file(const std::string& from, const std::string& to);

/// A file that one process at a time has: private (mode 0600), never behind a symbolic link, and
/// locked until the object is destroyed or the process ends, however that happens.
class LockedFile {
 public:
  enum class State {
    kOpen,     ///< open and ours
    kTaken,    ///< another object has it, here or in another process
    kMissing,  ///< there is none
    kFailed    ///< `problem` says why
  };

  LockedFile() = default;
  LockedFile(LockedFile&& other) noexcept;
  LockedFile& operator=(LockedFile&& other) noexcept;
  ~LockedFile();

  /// Opens a file that is there, or makes an empty one too.
  static LockedFile open(const std::string& path);
  static LockedFile create(const std::string& path);

  State state() const { return state_; }
  const std::string& problem() const { return problem_; }
  const std::string& path() const { return path_; }
  std::uint64_t size() const;
  /// Seconds since it was written.
  std::int64_t age() const;
  /// All of it, or nothing when it is larger than `limit` or cannot be read.
  std::optional<std::string> read(std::size_t limit) const;
  /// Writes all the bytes at an offset, in one piece where the system can; false when they do not
  /// fit or the file cannot be written.
  bool write(std::uint64_t offset, std::string_view bytes);
  bool truncate(std::uint64_t size);
  /// Removes the file from its folder, under whichever of the names it has now.
  void remove(std::span<const std::string> names);
  /// Gives the file another name in place of whichever of the names it has now; false where there
  /// is such a file.
  bool move(std::span<const std::string> names, const std::string& to);

 private:
  static LockedFile open_with(const std::string& path, int flags);
  bool is_named(const std::string& path) const;

  State state_ = State::kMissing;
  int fd_ = -1;
  std::string path_;
  std::string problem_;
};

/// A wish from outside that the program ends: CTRL-C (SIGINT), or a kill (SIGTERM).
enum class Interrupt { kByUser, kTerminate };

/// Calls back, from the loop, when the program is to end. One at a time in a process.
class Interrupts {
 public:
  Interrupts(Loop& loop, std::function<void(Interrupt)> on_interrupt);
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
  /// called once from the loop, unless this object is destroyed before. Its environment is ours
  /// without the variables `withheld`.
  static chatvim::Result<std::unique_ptr<ChildProcess>> start(
      Loop& loop, const std::vector<std::string>& arguments, std::chrono::milliseconds limit,
      std::function<void(Result)> on_exit, const std::vector<std::string>& withheld = {});
  ~ChildProcess();

 private:
  struct Impl;
  explicit ChildProcess(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace chatvim::loop
