// SPDX-License-Identifier: Apache-2.0
#include "choice.hpp"

#include <algorithm>

#include "chatvim/chat/tool_servers.hpp"
#include "chatvim/tools/choice.hpp"
#include "launch.hpp"

namespace chatvim::toolbox {

Choice::Choice(const settings::Settings& settings, const std::string& folder,
               const Environment& environment)
    : list(chat::tool_servers(settings, environment)),
      patterns(chat::tool_patterns(settings, list)) {
  for (tools::Server& server : list.servers) server = ready_to_start(server, folder, environment);
}

bool Choice::has(const tools::Server& server) const {
  return tools::chooses_server(server.name, patterns);
}

bool Choice::has(const tools::Server& server, const tools::Tool& tool) const {
  return serves(server, tool) && tools::is_chosen(tool.label, patterns);
}

bool Choice::serves(const tools::Server& server, const tools::Tool& tool) {
  const auto& only = server.only;
  return only.empty() || std::find(only.begin(), only.end(), tool.name) != only.end();
}

}  // namespace chatvim::toolbox
