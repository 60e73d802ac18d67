// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "chatvim/error.hpp"
#include "chatvim/json.hpp"
#include "chatvim/provider/table.hpp"

namespace chatvim::store {

/// What the program remembers beside the chats: $XDG_STATE_HOME/chatvim, else
/// ~/.local/state/chatvim; empty when neither variable is set. A relative path in one of them
/// counts as unset, as the XDG Base Directory Specification says.
std::string state_folder(const Environment& environment);

/// Reads the JSON object in a file of that folder. The object is empty if the file is missing,
/// damaged, another user's, or larger than 1 MiB.
Json read_state(const std::string& path);

/// Changes it in one step (mode 0600, its folder 0700) while no other process does; a damaged file
/// is kept beside it with the ending ".bad".
Result<void> change_state(const std::string& path, const std::function<void(Json&)>& change);

/// Writes a file of that folder in one step, with the same modes.
Result<void> write_private(const std::string& path, std::string_view bytes);

}  // namespace chatvim::store
