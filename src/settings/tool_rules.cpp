// SPDX-License-Identifier: Apache-2.0
#include "tool_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "chatvim/text/utf8.hpp"
#include "chatvim/tools/server.hpp"
#include "node.hpp"
#include "rules.hpp"

namespace chatvim::settings {
namespace {

constexpr std::size_t kMostChosen = 200;  ///< entries of `tools`, and bytes of one

bool is_printable(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

bool has_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

/// Whether the table sets the key to a value.
bool sets(const Node& table, std::string_view key) {
  const Member* member = table.find(key);
  return member != nullptr && member->value->kind != Kind::kNull;
}

/// Returns the first of the keys that a table sets, or "".
template <std::size_t kSize>
std::string_view first_set(const Node& table, const std::array<std::string_view, kSize>& keys) {
  const auto* const found = std::find_if(
      keys.begin(), keys.end(), [&table](std::string_view key) { return sets(table, key); });
  return found == keys.end() ? std::string_view() : *found;
}

std::string check_built_in(const Node& table) {
  for (const Member& member : table.members) {
    if (member.key == "enabled" || member.key == "ask") continue;
    return fmt::format("is built in and takes only enabled and ask: remove {}, or rename the table",
                       member.key);
  }
  return "";
}

}  // namespace

std::string check_tools(const Node& node) {
  if (node.items.size() > kMostChosen) {
    return fmt::format("must have at most {} entries", kMostChosen);
  }
  for (const NodePtr& item : node.items) {
    const std::string& name = item->text;
    if (name.find_first_not_of(' ') == std::string::npos) return "must not hold an empty string";
    if (name.size() > kMostChosen || !is_printable(name)) {
      return fmt::format("holds \"{}\", which cannot name a tool", text::printable(name, 40));
    }
  }
  return "";
}

std::string check_paths(const Node& node) {
  for (const NodePtr& item : node.items) {
    if (item->text.find_first_not_of(' ') == std::string::npos) {
      return "must not hold an empty string";
    }
    if (has_nul(item->text)) return "must not hold the character NUL";
  }
  return "";
}

std::string check_server_command(const Node& node) {
  std::string wrong = check_command(node);
  if (!wrong.empty()) return wrong;
  const std::string& program = node.items.front()->text;
  // What the environment holds is checked when it is put in.
  if (program.starts_with('$') || tools::is_fixed_program(program)) return "";
  return "must name its program by its whole path, or without a slash to find it on PATH";
}

std::string check_server_folder(const Node& node) {
  const std::string& folder = node.text;
  // What the environment holds is checked when it is put in.
  if (folder.starts_with('$') || tools::is_fixed_folder(folder)) return "";
  return "must be a whole path, one below ~, or \".\" for the chat's folder";
}

std::string check_variables(const Node& node) {
  for (const Member& member : node.members) {
    const std::string& name = member.key;
    if (name.empty() || name.find('=') != std::string::npos || !is_printable(name)) {
      return fmt::format("holds \"{}\", which cannot name an environment variable",
                         text::printable(name, 40));
    }
    if (has_nul(member.value->text)) return fmt::format("holds the character NUL in {}", name);
  }
  return "";
}

std::string check_ask(const Node& node) {
  if (node.text == "new" || node.text == "always" || node.text == "never") return "";
  return fmt::format("must be \"new\", \"always\" or \"never\", not \"{}\"",
                     text::printable(node.text, 40));
}

std::string check_server(const Member& row) {
  const Node& table = *row.value;
  if (row.key == tools::kFileServer) return check_built_in(table);
  const bool has_command = sets(table, "command");
  if (has_command == sets(table, "url")) {
    return has_command ? "has a command and a url: remove one of them"
                       : "needs a command (a program and its arguments) or a url";
  }
  constexpr std::array<std::string_view, 3> kOfCommand = {"env", "cwd", "sandbox"};
  constexpr std::array<std::string_view, 1> kOfUrl = {"headers"};
  const std::string_view other =
      has_command ? first_set(table, kOfUrl) : first_set(table, kOfCommand);
  if (other.empty()) return "";
  return fmt::format("sets {}, which only a server with a {} has", other,
                     has_command ? "url" : "command");
}

}  // namespace chatvim::settings
