// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chatvim/environment.hpp"
#include "chatvim/settings/settings.hpp"
#include "chatvim/tools/read_servers.hpp"

namespace chatvim::chat {

/// Whether a chat may use any tools. Reads no files, unlike the functions below.
bool may_use_tools(const settings::Settings& settings);

/// Returns all servers of tools that the user has set up: the built-in one, those of `mcp_files`,
/// and those of config.md. Of the same name, config.md's wins, and a later file's over an earlier
/// one's. Reads the files (each at most 1 MiB); one that cannot be read costs a warning.
tools::ServerList tool_servers(const settings::Settings& settings, const Environment& environment);

/// Returns the patterns of the tools that a chat may use: its setting `tools`, else the names of
/// the servers that are enabled.
std::vector<std::string> tool_patterns(const settings::Settings& settings,
                                       const tools::ServerList& servers);

/// Returns one sentence for each pattern that matches no server, with a similar name if there is
/// one.
std::vector<std::string> unknown_tools(const std::vector<std::string>& patterns,
                                       const tools::ServerList& servers);

}  // namespace chatvim::chat
