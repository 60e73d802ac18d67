// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chatvim/environment.hpp"
#include "chatvim/terminal/history.hpp"

namespace chatvim::cli {

/// The questions of this and earlier runs of `repl`. They are kept in the state folder, in a file
/// (mode 0600) that all runs add to.
class ReplHistory {
 public:
  explicit ReplHistory(const Environment& environment);

  /// Adds an entry. One that begins with a space is not written to the file.
  void add(const std::string& entry);
  terminal::History& history() { return history_; }

 private:
  std::string path_;  ///< "" if there is no state folder
  terminal::History history_;
};

}  // namespace chatvim::cli
