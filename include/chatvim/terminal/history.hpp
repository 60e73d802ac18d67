// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chatvim::terminal {

/// The lines that were entered, oldest first, and the way through them. The newest 1,000 are kept.
class History {
 public:
  /// Adds an entry unless it is blank or equals the newest.
  void add(std::string_view entry);
  const std::vector<std::string>& entries() const { return entries_; }

  /// Moves to the next older entry that begins with `draft`, which is what the user has typed.
  std::optional<std::string> older(std::string_view draft);
  /// Moves back to a newer entry; behind the newest it is the draft.
  std::optional<std::string> newer();
  /// Leaves the entries: the next `older` begins with the newest.
  void leave() { at_.reset(); }

 private:
  std::vector<std::string> entries_;
  std::optional<std::size_t> at_;  ///< the entry that is shown
  std::string draft_;
};

/// Reads a history file: an entry on each line, in which `\n` is a line break and `\\` a `\`.
History read_history(std::string_view file);
/// Returns the text of the file, with the newest entries that fit into 1 MiB.
std::string write_history(const History& history);

}  // namespace chatvim::terminal
