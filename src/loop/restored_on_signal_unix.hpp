// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <termios.h>

#include <string_view>

namespace chatvim::loop {

/// While this object exists, a signal that ends the program, or a crash, first restores the modes
/// of a terminal that have been changed. Signals that the program ignores stay ignored. Only one
/// per process at a time.
class RestoredOnSignal {
 public:
  /// `leave` is written to the descriptor `screen` too, and must outlive the object.
  RestoredOnSignal(int terminal, const termios& found, int screen, std::string_view leave);
  RestoredOnSignal(const RestoredOnSignal&) = delete;
  RestoredOnSignal& operator=(const RestoredOnSignal&) = delete;
  ~RestoredOnSignal();

  /// Says whether the modes have been changed.
  void set_changed(bool is_changed);
};

}  // namespace chatvim::loop
