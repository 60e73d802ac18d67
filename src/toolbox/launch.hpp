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

/// Returns the server with the folder that it is started in for a chat: its own, the home folder if
/// it has none, or the chat's if that is wanted. Consent is to this server: what is in a chat's
/// folder may decide what a command such as `npx` runs.
tools::Server ready_to_start(const tools::Server& server, const std::string& chat_folder,
                             const Environment& environment);

/// Returns the words to start, with bubblewrap around them if the server is to run in a sandbox.
std::vector<std::string> words_of(const tools::Server& server, const Environment& environment);

/// Returns the exact command line, quoted for a shell, with its folder, or the address, for the
/// user.
std::string describe_target(const tools::Server& server);

}  // namespace chatvim::toolbox
