// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "chatvim/completion/sink.hpp"
#include "chatvim/loop/loop.hpp"

namespace chatvim::cli {

/// Shows progress until there is text to print: one line on standard error, redrawn every second
/// and for each new phase.
/// Does nothing unless standard error is a terminal.
class Progress {
 public:
  /// `model` is the name at the start of the line.
  Progress(loop::Loop& loop, std::string_view model);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { wipe(); }

  void show(completion::Phase phase, std::size_t reasoning_characters);
  /// Sets the tools that are named while they run.
  void set_tools(std::span<const std::string> running);
  /// Clears the line, so that other text can take its place.
  void wipe();

 private:
  void draw();

  bool at_terminal_;
  bool drawn_ = false;
  std::string model_;
  completion::Phase phase_ = completion::Phase::kKey;
  std::size_t reasoning_characters_ = 0;
  std::string tools_;  ///< names of those that run
  loop::Clock::time_point started_;
  loop::Timer timer_;
};

}  // namespace chatvim::cli
