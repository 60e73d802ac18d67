// SPDX-License-Identifier: Apache-2.0
#include "choice.hpp"

#include <algorithm>

#include "chatvim/chat/tool_servers.hpp"
#include "chatvim/tools/choice.hpp"

namespace chatvim::toolbox {

Choice::Choice(const settings::Settings& settings, const Environment& environment)
    : list(chat::tool_servers(settings, environment)),
      patterns(chat::tool_patterns(settings, list)) {}

bool Choice::has(const tools::Server& server) const {
  return tools::chooses_server(server.name, patterns);
}

bool Choice::has(const tools::Server& server, const tools::Tool& tool) const {
  const bool is_served = server.only.empty() || std::find(server.only.begin(), server.only.end(),
                                                          tool.name) != server.only.end();
  return is_served && tools::is_chosen(tool.label, patterns);
}

}  // namespace chatvim::toolbox
