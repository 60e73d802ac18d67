// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chatvim/environment.hpp"
#include "chatvim/error.hpp"
#include "chatvim/json.hpp"
#include "chatvim/settings/settings.hpp"

namespace chatvim::toolbox {

/// Returns what there is to choose from and what the user has allowed, from the configuration and
/// the state folder; nothing is started. An object: `warnings`, and `servers`, each with `name`,
/// `source` (the file that defines it), `target` (the exact command line or the address), `program`
/// (that the command names, or ""), `chosen`
/// (a chat with these settings may use some of it), `start` (whether the user has allowed to start
/// it; true for the built-in one), `known` (whether its list has been read) and `tools`. Each tool
/// has `label`, `description`, `hints`, `chosen` and `allowed`: "always", "ask" or "changed".
///
/// `folder` is that of the chat.
Json inventory(const settings::Settings& settings, const std::string& folder,
               const Environment& environment);

/// Forgets what the user has allowed about a server. An error if no server has the name.
Result<void> forget(const std::string& server, const settings::Settings& settings,
                    const std::string& folder, const Environment& environment);

}  // namespace chatvim::toolbox
