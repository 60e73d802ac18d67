// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chatvim/error.hpp"
#include "chatvim/json.hpp"
#include "chatvim/provider/table.hpp"

namespace chatvim::completion {

/// What the program remembers beside the chats: $XDG_STATE_HOME/chatvim, else
/// ~/.local/state/chatvim; empty when neither variable is set.
std::string state_folder(const provider::Environment& environment);

/// The object in a file of that folder; an empty one where there is none, where it is damaged or
/// larger than 1 MiB.
Json read_state(const std::string& path);

/// Writes it anew in one step (mode 0600, its folder 0700); a damaged file is kept beside it with
/// the ending ".bad".
Result<void> write_state(const std::string& path, const Json& state);

}  // namespace chatvim::completion
