// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chatvim/environment.hpp"
#include "chatvim/json.hpp"
#include "chatvim/tools/server.hpp"

namespace chatvim::tools {

/// Servers of tools, each with a name of its own.
struct ServerList {
  std::vector<Server> servers;
  /// One sentence about each entry that cannot be used, with its file and name. Such an entry costs
  /// only itself.
  std::vector<std::string> warnings;

  /// Returns the server of that name, or null.
  const Server* find(std::string_view name) const;
  /// Adds other servers; they replace those of the same name.
  void add(ServerList more);
};

/// Makes servers of the tables `[tools.NAME]`, which have been checked by the settings' schema.
/// `source` is the file that has them. In all strings, `${VAR}`, `${VAR:-default}` and `${env:VAR}`
/// are replaced from the environment.
ServerList read_servers(const Json& tables, const std::string& source,
                        const Environment& environment);

/// Reads a JSON file in which another program keeps its servers: `mcpServers` (Claude Code, Cursor,
/// mcphub.nvim and others) or `servers` (VS Code). Comments and trailing commas are accepted.
/// Variables are replaced as above. What such a file says about consent (`autoApprove`,
/// `alwaysAllow`) is ignored, and so are entries that it disables.
ServerList read_mcp_file(std::string_view text, const std::string& path,
                         const Environment& environment);

}  // namespace chatvim::tools
