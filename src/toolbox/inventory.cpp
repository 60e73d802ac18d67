// SPDX-License-Identifier: Apache-2.0
#include "chatvim/toolbox/inventory.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "chatvim/store/state.hpp"
#include "chatvim/store/tool_lists.hpp"
#include "chatvim/store/trust.hpp"
#include "chatvim/text/utf8.hpp"
#include "chatvim/toolbox/file_tools.hpp"
#include "chatvim/tools/label.hpp"
#include "chatvim/tools/pin.hpp"
#include "choice.hpp"
#include "launch.hpp"

namespace chatvim::toolbox {

namespace {

constexpr std::size_t kMostServerName = 200;

bool is_built_in(const tools::Server& server) { return server.name == tools::kFileServer; }

/// Returns whether a call of the tool is asked about.
std::string_view permission_for(const tools::Server& server, const tools::Tool& tool,
                                const store::Trust& trust) {
  if (server.ask == tools::Ask::kNever) return "always";
  if (server.ask == tools::Ask::kAlways) return "ask";
  switch (trust.tool(tools::command_line(server), tool.name, tools::pin_text(tool))) {
    case store::Trust::Tool::kAllowed:
      return "always";
    case store::Trust::Tool::kChanged:
      return "changed";
    case store::Trust::Tool::kUndecided:
      break;
  }
  return "ask";
}

Json describe(const tools::Server& server, const Choice& choice, const store::Trust& trust,
              const store::ToolLists& lists) {
  const std::string line = tools::command_line(server);
  std::vector<tools::Tool> all;
  bool is_known = true;
  if (is_built_in(server)) {
    all = file_tools();
  } else if (auto cached = lists.find(line)) {
    all = std::move(cached->tools);
    for (tools::Tool& tool : all) tool.server = server.name;
    tools::set_labels(all);
  } else {
    is_known = false;
  }
  Json list = Json::array();
  for (const tools::Tool& tool : all) {
    if (!Choice::serves(server, tool)) continue;
    list.push_back({{"label", tool.label},
                    {"description", tool.description},
                    {"hints", tool.hints},
                    {"chosen", choice.has(server, tool)},
                    {"allowed", permission_for(server, tool, trust)}});
  }
  const bool may_start =
      is_built_in(server) || server.ask == tools::Ask::kNever || trust.allows_start(line);
  return {{"name", server.name},
          {"source", server.source},
          {"target", is_built_in(server) ? "" : describe_target(server)},
          {"program", server.command.empty() ? "" : server.command.front()},
          {"chosen", choice.has(server)},
          {"start", may_start},
          {"known", is_known},
          {"tools", std::move(list)}};
}

}  // namespace

Json inventory(const settings::Settings& settings, const std::string& folder,
               const Environment& environment) {
  const Choice choice(settings, folder, environment);
  const store::Trust trust(environment);
  const store::ToolLists lists(store::state_folder(environment));
  Json servers = Json::array();
  for (const tools::Server& server : choice.list.servers) {
    servers.push_back(describe(server, choice, trust, lists));
  }
  return {{"warnings", choice.list.warnings}, {"servers", std::move(servers)}};
}

Result<void> forget(const std::string& name, const settings::Settings& settings,
                    const std::string& folder, const Environment& environment) {
  const Choice choice(settings, folder, environment);
  const tools::Server* server = choice.list.find(name);
  if (server == nullptr) {
    return tl::unexpected(Error{ErrorCode::kBadArguments,
                                fmt::format("Name a server that `chatvim tools` lists: there is no "
                                            "\"{}\".",
                                            text::printable_name(name, kMostServerName))});
  }
  const std::string line = tools::command_line(*server);
  store::ToolLists(store::state_folder(environment)).forget(line);
  return store::Trust::forget_tools(environment, line);
}

}  // namespace chatvim::toolbox
