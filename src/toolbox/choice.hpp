// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chatvim/environment.hpp"
#include "chatvim/settings/settings.hpp"
#include "chatvim/tools/read_servers.hpp"
#include "chatvim/tools/tool.hpp"

namespace chatvim::toolbox {

/// The servers that a user has, and which of their tools a chat with these settings may use.
struct Choice {
  /// `folder` is that of the chat. The servers are ready to start.
  Choice(const settings::Settings& settings, const std::string& folder,
         const Environment& environment);

  /// Whether the chat may use any tool of the server.
  bool has(const tools::Server& server) const;
  bool has(const tools::Server& server, const tools::Tool& tool) const;
  /// Whether the server's own list of tools to offer (`only`) has the tool.
  static bool serves(const tools::Server& server, const tools::Tool& tool);

  tools::ServerList list;
  std::vector<std::string> patterns;  ///< of the setting `tools`, or the default servers' names
};

}  // namespace chatvim::toolbox
