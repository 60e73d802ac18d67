// SPDX-License-Identifier: Apache-2.0
// Rules for the settings of tools, in the form of `Option::check`.
#pragma once

#include <string>
#include <string_view>

namespace chatvim::settings {

struct Member;
struct Node;

/// Checks the list that chooses tools.
std::string check_tools(const Node& node);
/// Checks a list of paths.
std::string check_paths(const Node& node);
/// Checks a server's command: the folder that a server is started in depends on the chat, so its
/// program must not be relative to that folder.
std::string check_server_command(const Node& node);
/// Checks a table of environment variables.
std::string check_server_folder(const Node& node);
std::string check_variables(const Node& node);
std::string check_ask(const Node& node);

/// Checks a table `[tools.NAME]` whose keys are each valid.
std::string check_server(const Member& row);

}  // namespace chatvim::settings
