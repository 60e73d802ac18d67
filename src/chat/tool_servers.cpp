// SPDX-License-Identifier: Apache-2.0
#include "chatvim/chat/tool_servers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "chatvim/chat/configuration.hpp"
#include "chatvim/files/files.hpp"
#include "chatvim/settings/near.hpp"
#include "chatvim/text/home.hpp"
#include "chatvim/text/utf8.hpp"
#include "chatvim/tools/choice.hpp"

namespace chatvim::chat {

namespace {

constexpr std::uint64_t kMostFileBytes = 1U << 20U;
/// Limit of a path or pattern in a message, in bytes.
constexpr std::size_t kMostWord = 200;

/// Reads the servers of one file that `mcp_files` names.
tools::ServerList read_file_of_servers(const std::string& path, const Environment& environment) {
  const auto fail = [&path](std::string_view why) {
    return tools::ServerList{{},
                             {fmt::format("Correct mcp_files in config.md: {}: {}.",
                                          text::printable_name(path, kMostWord), why)}};
  };
  if (!path.starts_with('/')) return fail("write its whole path, or one that begins with ~/");
  const auto resolved = files::system_files().resolve(path);
  if (!resolved) return fail(resolved.error().message);
  const auto bytes = files::system_files().read(*resolved, kMostFileBytes + 1);
  if (!bytes) return fail(bytes.error().message);
  if (bytes->size() > kMostFileBytes) return fail("it is larger than 1 MiB");
  return tools::read_mcp_file(*bytes, path, environment);
}

/// Returns the name that is most like a pattern's server, or "".
std::string near_server(std::string_view name, const tools::ServerList& servers) {
  std::string nearest;
  for (const tools::Server& server : servers.servers) {
    if (!settings::is_near(name, server.name)) continue;
    const bool nearer = nearest.empty() || settings::near_distance(name, server.name) <
                                               settings::near_distance(name, nearest);
    if (nearer) nearest = server.name;
  }
  return nearest;
}

}  // namespace

bool may_use_tools(const settings::Settings& settings) {
  if (const auto wanted = settings.tools()) return !wanted->empty();
  // Servers of other programs' files are never offered unless they are chosen.
  const Json& tables = settings.tool_servers();
  return std::any_of(tables.begin(), tables.end(), [](const Json& table) {
    return table.is_object() && table.value("enabled", false);
  });
}

tools::ServerList tool_servers(const settings::Settings& settings, const Environment& environment) {
  tools::ServerList list;
  tools::Server built_in;
  built_in.name = tools::kFileServer;
  built_in.ask = tools::Ask::kNever;
  list.servers.push_back(std::move(built_in));
  for (const std::string& path : settings.strings("mcp_files")) {
    list.add(read_file_of_servers(text::expand_home(path, environment("HOME")), environment));
  }
  list.add(tools::read_servers(settings.tool_servers(),
                               configuration_folder(environment) + "/config.md", environment));
  return list;
}

std::vector<std::string> tool_patterns(const settings::Settings& settings,
                                       const tools::ServerList& servers) {
  if (auto chosen = settings.tools()) return std::move(*chosen);
  std::vector<std::string> names;
  for (const tools::Server& server : servers.servers) {
    if (server.enabled) names.push_back(server.name);
  }
  return names;
}

std::vector<std::string> unknown_tools(const std::vector<std::string>& patterns,
                                       const tools::ServerList& servers) {
  std::vector<std::string> sentences;
  for (const std::string& pattern : patterns) {
    const std::array one{pattern};
    const bool known = std::any_of(
        servers.servers.begin(), servers.servers.end(),
        [&one](const tools::Server& server) { return tools::chooses_server(server.name, one); });
    if (known) continue;
    const std::string name = pattern.substr(0, pattern.find('.'));
    const std::string near = near_server(name, servers);
    const std::string advice =
        near.empty() ? "define it in config.md, or remove it" : "did you mean " + near + "?";
    sentences.push_back(fmt::format("tools names \"{}\", but there is no server of tools {}; {}{}",
                                    text::printable(pattern, kMostWord),
                                    text::printable(name, kMostWord), advice,
                                    near.empty() ? "." : ""));
  }
  return sentences;
}

}  // namespace chatvim::chat
