// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chatvim/loop/loop.hpp"

// What a command line needs from the terminal, and the programs that it gives the terminal to.
// `terminal_unix.cpp` and
// `resizes_unix.cpp` implement it for Unix; another platform needs its own files.
namespace chatvim::loop {

/// The terminal at standard input, whose modes it changes. They are restored by the destructor, and
/// if a signal ends the program. Only one per process.
class Terminal {
 public:
  enum class Mode {
    kAsFound,
    kKeys,  ///< each key arrives at once, CTRL-C too, and pasted text marked (xterm, "Bracketed
            ///< Paste Mode"); nothing is shown by itself
    kQuiet  ///< keys are kept for later and not shown; CTRL-C interrupts the program
  };

  /// `screen` is the descriptor on which the terminal shows what is written.
  explicit Terminal(int screen);
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal();

  void set(Mode mode);
  /// Stops the program as CTRL-Z does, with the modes that were found, until it is continued.
  void suspend();
  /// Forgets the keys that have been pressed but not read.
  void discard_keys();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Returns columns and rows of the terminal; 80 and 24 if it does not say.
std::pair<std::size_t, std::size_t> terminal_size(int screen);

/// Calls back from the loop after the terminal has got another size. Only one per process.
class Resizes {
 public:
  Resizes(Loop& loop, std::function<void()> on_resize);
  Resizes(const Resizes&) = delete;
  Resizes& operator=(const Resizes&) = delete;
  ~Resizes();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Runs a program on the terminal and waits until it ends; CTRL-C is for it alone. Returns its exit
/// code (127: it was not found, 128 + n: signal n ended it), or -1 if no process can be started.
int run_in_foreground(const std::vector<std::string>& arguments);

/// Turns this process into another program, found on $PATH, which keeps its descriptors and
/// environment. Returns only on failure, with the reason in `errno`.
void become(const std::vector<std::string>& arguments);

/// Returns the path of this program with links resolved, or "".
std::string program_path();

/// Creates a file that only the user can read, in the folder for temporary files. Returns its path,
/// which ends with `suffix`, or nothing, with the reason in `errno`.
std::optional<std::string> make_temporary_file(std::string_view folder, std::string_view suffix);

}  // namespace chatvim::loop
