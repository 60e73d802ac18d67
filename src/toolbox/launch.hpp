// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "chatvim/environment.hpp"
#include "chatvim/error.hpp"
#include "chatvim/tools/server.hpp"

namespace chatvim::toolbox {

/// Returns all variables of a server's environment: a few that every program needs, and what the
/// user has configured for it. Keys of providers are not among them.
std::vector<std::pair<std::string, std::string>> environment_of(const tools::Server& server,
                                                                const Environment& environment);

/// Returns the server as it is to be started for a chat in a folder: with its working folder, and
/// with bubblewrap around its command if it is to run in a sandbox.
tools::Server ready_to_start(const tools::Server& server, const std::string& chat_folder);

/// Returns the exact command line, quoted for a shell, or the address, for the user.
std::string describe_target(const tools::Server& server);

}  // namespace chatvim::toolbox
