// SPDX-License-Identifier: Apache-2.0
#include "chatvim/tools/server.hpp"

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>

#include "characters.hpp"
#include "chatvim/json.hpp"
#include "chatvim/text/sha256.hpp"

namespace chatvim::tools {

bool is_server_name(std::string_view name) {
  constexpr std::size_t kMost = 40;
  const bool known = std::all_of(name.begin(), name.end(),
                                 [](char c) { return is_alphanumeric(c) || c == '-' || c == '_'; });
  return known && !name.empty() && name.size() <= kMost &&
         name.find("__") == std::string_view::npos;
}

bool is_fixed_program(std::string_view program) {
  return program.starts_with('/') || program.starts_with("~/") ||
         program.find('/') == std::string_view::npos;
}

bool is_fixed_folder(std::string_view folder) {
  return folder.starts_with('/') || folder == "~" || folder.starts_with("~/") ||
         folder == kChatFolder;
}

std::string command_line(const Server& server) {
  const bool is_written = !server.written.empty();
  if (!server.url.empty()) return is_written ? server.written.front() : server.url;
  Json line = {{"command", is_written ? server.written : server.command}};
  Json variables = Json::object();
  for (std::size_t i = 0; i < server.environment.size(); ++i) {
    const auto& [name, value] = server.environment[i];
    const bool has_written = i < server.written_values.size();
    variables[name] = text::sha256(has_written ? server.written_values[i] : value);
  }
  if (!variables.empty()) line["env"] = std::move(variables);
  if (!server.folder.empty()) line["cwd"] = server.folder;
  if (server.sandbox) line["sandbox"] = true;
  return line.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace chatvim::tools
