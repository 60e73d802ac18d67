// SPDX-License-Identifier: Apache-2.0
#include "chatvim/tools/read_servers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "chatvim/text/home.hpp"
#include "chatvim/text/url.hpp"
#include "chatvim/text/utf8.hpp"
#include "entry.hpp"
#include "lenient_json.hpp"

namespace chatvim::tools {
namespace {

/// Entries of one file.
constexpr std::size_t kMostServers = 200;
/// Limit of a name or path in a message, in bytes.
constexpr std::size_t kMostShown = 100;

std::string warning(const std::string& file, const std::string& name, std::string_view why) {
  return fmt::format("{}: {} {}; it is left out.", text::printable_name(file, kMostShown),
                     text::printable_name(name, kMostShown), why);
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

/// Notes what makes a server unusable, now that its variables have been replaced.
void check(const Server& server, Entry& entry) {
  const bool has_command = !server.command.empty();
  if (has_command == !server.url.empty()) {
    return entry.refuse(has_command ? "has a command and a url"
                                    : "has neither a command nor a url");
  }
  if (!has_command && !text::parse_http_url(server.url)) {
    return entry.refuse("has a url that is not an http or https address");
  }
  if (has_command && (server.command[0].empty() || !is_fixed_program(server.command[0]))) {
    return entry.refuse(
        "must name its program by its whole path, or without a slash to find it on PATH");
  }
  if (!server.folder.empty() && !is_fixed_folder(server.folder)) {
    return entry.refuse("must name its folder (cwd) by its whole path");
  }
  for (const std::string& word : server.command) {
    if (word.find('\0') != std::string::npos) return entry.refuse("has a NUL in its command");
  }
  for (const auto& [name, value] : server.environment) {
    const bool bad = name.empty() || name.find('=') != std::string::npos || has_control(name) ||
                     value.find('\0') != std::string::npos;
    if (bad) return entry.refuse("has an environment variable that cannot be set");
  }
  for (const auto& [name, value] : server.headers) {
    const bool bad = name.empty() || has_control(name) || has_control(value) ||
                     name.find_first_of(" :") != std::string::npos;
    if (bad) return entry.refuse("has a header that cannot be sent");
  }
}

/// Expands `~` in the paths of a server.
void expand_paths(Server& server, const Environment& environment) {
  const auto home = environment("HOME");
  if (!server.command.empty()) server.command[0] = text::expand_home(server.command[0], home);
  server.folder = text::expand_home(server.folder, home);
}

Ask ask_of(const std::string& word, Ask usual) {
  if (word == "always") return Ask::kAlways;
  if (word == "never") return Ask::kNever;
  return word == "new" ? Ask::kUntilAllowed : usual;
}

/// Reads a table `[tools.NAME]`.
Server server_of(const std::string& name, Entry& entry) {
  Server server;
  server.name = name;
  server.command = entry.strings("command");
  server.url = entry.string("url");
  server.written = entry.written(server.command.empty() ? "url" : "command");
  server.environment = entry.string_table("env");
  server.written_values = entry.written("env");
  server.headers = entry.string_table("headers");
  server.folder = entry.string("cwd");
  server.timeout = entry.number("timeout").value_or(server.timeout);
  server.only = entry.strings("only");
  server.sandbox = entry.boolean("sandbox");
  server.enabled = entry.boolean("enabled");
  // The built-in tools only read, and ask about the files for which embeds would.
  server.ask = ask_of(entry.string("ask"), name == kFileServer ? Ask::kNever : Ask::kUntilAllowed);
  return server;
}

/// Whether the file's words for how to reach a server name one that is spoken here.
bool is_known_transport(std::string_view type) {
  constexpr std::array<std::string_view, 6> kKnown = {"",      "stdio",           "http",
                                                      "local", "streamable-http", "streamableHttp"};
  return std::find(kKnown.begin(), kKnown.end(), type) != kKnown.end();
}

/// Reads an entry of another program's file.
Server foreign_server(const std::string& name, Entry& entry) {
  Server server;
  server.name = name;
  if (const std::string program = entry.string("command"); !program.empty()) {
    server.command = entry.strings("args");
    server.command.insert(server.command.begin(), program);
    server.written = entry.written("args");
    server.written.insert(server.written.begin(), entry.written("command").front());
  }
  for (const std::string_view key : {"url", "serverUrl", "httpUrl"}) {
    if (!server.url.empty()) continue;
    server.url = entry.string(key);
    if (server.command.empty()) server.written = entry.written(key);
  }
  server.environment = entry.string_table("env");
  server.written_values = entry.written("env");
  server.headers = entry.string_table("headers");
  server.folder = entry.string("cwd");
  const std::string type = entry.string(entry.has("type") ? "type" : "transport");
  if (!is_known_transport(type)) {
    entry.refuse(fmt::format("uses the transport {}, and only stdio and http are supported",
                             text::printable(type, kMostShown)));
  }
  if (entry.has("envFile")) entry.refuse("has an envFile: put its variables into env");
  return server;
}

/// Reads one entry of another program's file into the list.
void add_foreign(ServerList& list, const std::string& path, const std::string& name,
                 const Json& table, const Environment& environment) {
  const auto warn = [&](std::string_view why) {
    list.warnings.push_back(warning(path, name, why));
  };
  if (!table.is_object()) return warn("is not a table");
  Entry entry(table, environment);
  if (entry.boolean("disabled")) return;
  if (name == kFileServer) return warn("has the name of the built-in server: rename it");
  if (!is_server_name(name)) {
    return warn("cannot name a server: use at most 40 letters, digits, - and single _");
  }
  Server server = foreign_server(name, entry);
  expand_paths(server, environment);
  check(server, entry);
  if (!entry.problem().empty()) return warn(entry.problem());
  server.source = path;
  ServerList one;
  one.servers.push_back(std::move(server));
  list.add(std::move(one));
}

}  // namespace

const Server* ServerList::find(std::string_view name) const {
  const auto found = std::find_if(servers.begin(), servers.end(),
                                  [name](const Server& server) { return server.name == name; });
  return found == servers.end() ? nullptr : &*found;
}

void ServerList::add(ServerList more) {
  for (Server& server : more.servers) {
    const auto same = std::find_if(servers.begin(), servers.end(),
                                   [&](const Server& other) { return other.name == server.name; });
    if (same == servers.end()) {
      servers.push_back(std::move(server));
    } else {
      *same = std::move(server);
    }
  }
  warnings.insert(warnings.end(), more.warnings.begin(), more.warnings.end());
}

ServerList read_servers(const Json& tables, const std::string& source,
                        const Environment& environment) {
  ServerList list;
  if (!tables.is_object()) return list;
  for (const auto& [name, table] : tables.items()) {
    if (!table.is_object()) continue;
    Entry entry(table, environment);
    Server server = server_of(name, entry);
    expand_paths(server, environment);
    if (name != kFileServer) check(server, entry);
    if (!entry.problem().empty()) {
      list.warnings.push_back(warning(source, "tools." + name, entry.problem()));
      continue;
    }
    server.source = source;
    list.servers.push_back(std::move(server));
  }
  return list;
}

ServerList read_mcp_file(std::string_view text, const std::string& path,
                         const Environment& environment) {
  ServerList list;
  const auto json = parse_lenient(text);
  const std::string shown = text::printable_name(path, kMostShown);
  if (!json) {
    list.warnings.push_back(fmt::format("Correct {}: it is not JSON ({}).", shown, json.error()));
    return list;
  }
  const Json* tables = nullptr;
  for (const char* key : {"mcpServers", "servers"}) {
    if (!json->is_object() || !json->contains(key) || tables != nullptr) continue;
    tables = &json->at(key);
  }
  if (tables == nullptr || !tables->is_object()) {
    list.warnings.push_back(
        fmt::format("Remove {} from mcp_files: it has no table mcpServers or servers.", shown));
    return list;
  }
  std::size_t count = 0;
  for (const auto& [name, table] : tables->items()) {
    if (++count > kMostServers) break;
    add_foreign(list, path, name, table, environment);
  }
  return list;
}

}  // namespace chatvim::tools
