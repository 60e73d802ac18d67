// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "chatvim/error.hpp"
#include "chatvim/json.hpp"
#include "chatvim/provider/table.hpp"

namespace chatvim::store {

/// Returns the folder for the program's state: $XDG_STATE_HOME/chatvim, else
/// ~/.local/state/chatvim; empty if neither XDG_STATE_HOME nor HOME is set. A relative path counts
/// as unset, as the XDG Base Directory Specification requires.
std::string state_folder(const Environment& environment);

/// Reads the JSON object in a state file. Returns an empty object if the file is missing, damaged,
/// owned by another user, or larger than 1 MiB.
Json read_state(const std::string& path);

/// Checks that a state file can be read as `read_state` does, or is missing. The error names it.
Result<void> check_state(const std::string& path);

/// What to do about a damaged file that is to be changed.
enum class Damaged {
  kSetAside,  ///< start anew, and keep the file with ".bad" appended to its name
  kRefused    ///< fail as `check_state` does: what the file holds cannot be had again
};

/// Changes a state file atomically (mode 0600, its folder 0700), under a lock against other
/// processes. A change that would make the file too large to be read again is an error.
Result<void> change_state(const std::string& path, const std::function<void(Json&)>& change,
                          Damaged damaged = Damaged::kSetAside);

/// Writes a file in the state folder atomically, with the same modes.
Result<void> write_private(const std::string& path, std::string_view bytes);

}  // namespace chatvim::store
