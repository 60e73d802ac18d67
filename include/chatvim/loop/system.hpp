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

// What the loop needs from the operating system besides polling: descriptors, signals, child
// processes. `system_unix.cpp` and its neighbors implement it for Unix; another platform needs its
// own files.
namespace chatvim::loop {

/// The outcome of a read or write.
enum class Transfer { kDone, kWouldBlock, kClosed };

/// Return the descriptors of standard input, output and error.
int standard_input();
int standard_output();
int standard_error();
/// Opens those of the three descriptors that the program was started without (`>&-`), so that no
/// file or connection gets their numbers. Input is then empty; writing to the others fails.
void open_standard_descriptors();
/// Whether the descriptor is open for writing.
bool is_writable(int fd);

/// Keeps the user's other processes, and core dumps, from reading this process's memory.
void hide_memory();

/// Makes reads and writes non-blocking.
void set_nonblocking(int fd);
/// Marks which descriptors are ready, without waiting.
void poll_now(std::span<Descriptor> descriptors);
/// The same, but waits until one of them is ready or the timeout expires; returns true if one is.
bool poll_for(std::span<Descriptor> descriptors, std::chrono::milliseconds timeout);
/// Reads at most `size` bytes; sets `count` to the number read.
Transfer read_some(int fd, char* data, std::size_t size, std::size_t& count);
/// Writes at most `bytes`; sets `count` to the number written.
Transfer write_some(int fd, std::string_view bytes, std::size_t& count);
/// Writes everything, however long that takes. Returns false if the other end is closed.
bool write_all(int fd, std::string_view bytes);
/// Makes writing to a closed pipe return an error instead of ending the program.
void ignore_broken_pipes();
/// Whether the descriptor is a terminal.
bool is_terminal(int fd);
/// Reads a line from a terminal without showing it: at most 4 KiB, without its line break. `prompt`
/// is called once the terminal shows nothing any more. Returns nothing if the user presses CTRL-C,
/// or CTRL-D on an empty line.
std::optional<std::string> read_hidden_line(int terminal, const std::function<void()>& prompt);

/// Keeps freed memory for reuse until `give_back_memory`, so that a chat of megabytes that is sent
/// again finds its pages in place. For a long-running process.
void keep_memory();
/// Returns free heap memory to the system. The next large chat must allocate new pages.
void give_back_memory();

/// Returns the current time in seconds since 1970 (UTC).
std::int64_t unix_time();

/// Whether a file, or a folder, exists at the path; links are followed.
bool is_regular_file(const std::string& path);
bool is_folder(const std::string& path);

/// Makes a folder accessible only to its owner (mode 0700), creating it and its parents if
/// necessary. Returns false on failure, with the reason in `errno`.
bool make_private_folder(const std::string& path);

/// Returns the contents of a file that nobody else can have written: it must belong to the user or
/// root, not be world-writable, and have at most `limit` bytes. Otherwise returns nothing, with the
/// reason in `errno` (ENOENT: it does not exist).
std::optional<std::string> read_private(const std::string& path, std::size_t limit);

/// Appends to a file, creating it with mode 0600 if it is missing; the mode of an existing file is
/// kept. Never waits for a pipe; child processes do not inherit the descriptor. Returns false on
/// failure.
bool append_private(const std::string& path, std::string_view text);

/// Renames a file unless the new name already exists.
bool rename_file(const std::string& from, const std::string& to);

/// A private file (mode 0600) that one process at a time owns. It is never reached through a
/// symbolic link, and is locked until the object is destroyed or the process ends, for whatever
/// reason.
class LockedFile {
 public:
  enum class State {
    kOpen,     ///< open and locked by this object
    kTaken,    ///< locked by another object, in this or another process
    kMissing,  ///< does not exist
    kFailed    ///< see `problem`
  };

  LockedFile() = default;
  LockedFile(LockedFile&& other) noexcept;
  LockedFile& operator=(LockedFile&& other) noexcept;
  ~LockedFile();

  /// `open` opens an existing file; `create` makes an empty one if it is missing.
  static LockedFile open(const std::string& path);
  static LockedFile create(const std::string& path);

  State state() const { return state_; }
  const std::string& problem() const { return problem_; }
  const std::string& path() const { return path_; }
  std::uint64_t size() const;
  /// Returns the seconds since it was last written.
  std::int64_t age() const;
  /// Returns the contents, or nothing if they exceed `limit` or cannot be read.
  std::optional<std::string> read(std::size_t limit) const;
  /// Writes all bytes at an offset, in a single call if the system allows. Returns false if they do
  /// not fit or the file cannot be written.
  bool write(std::uint64_t offset, std::string_view bytes);
  bool truncate(std::uint64_t size);
  /// Removes the file from its folder, under whichever of `names` it has now.
  void remove(std::span<const std::string> names);
  /// Renames the file from whichever of `names` it has now; returns false if `to` already exists.
  bool move(std::span<const std::string> names, const std::string& to);

 private:
  static LockedFile open_with(const std::string& path, int flags);
  bool is_named(const std::string& path) const;

  State state_ = State::kMissing;
  int fd_ = -1;
  std::string path_;
  std::string problem_;
};

/// A request from outside to end the program: CTRL-C (SIGINT) or a kill (SIGTERM).
enum class Interrupt { kByUser, kTerminate };

/// Calls back from the loop when the program should end. Only one per process.
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

/// A child process that is run for its output. Destroying this kills the child and its process
/// group, leaving nothing behind.
class ChildProcess {
 public:
  struct Result {
    int exit_code = 0;  ///< 128 + n if signal n ended it
    bool timed_out = false;
    std::string output;        ///< at most 64 KiB
    std::string error_output;  ///< at most 64 KiB
  };
  /// Starts `arguments[0]`, looked up on $PATH, without a shell. `on_exit` is called once from the
  /// loop, unless this object is destroyed first. The child's environment is ours without the
  /// variables in `withheld`; its standard input holds `input`, at most 4 KiB.
  static chatvim::Result<std::unique_ptr<ChildProcess>> start(
      Loop& loop, const std::vector<std::string>& arguments, std::chrono::milliseconds limit,
      std::function<void(Result)> on_exit, const std::vector<std::string>& withheld = {},
      const std::string& input = {});
  ~ChildProcess();

 private:
  struct Impl;
  explicit ChildProcess(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace chatvim::loop
