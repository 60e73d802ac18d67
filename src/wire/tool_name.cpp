// SPDX-License-Identifier: Apache-2.0
#include "chatvim/wire/tool_name.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>

#include "chatvim/text/sha256.hpp"

namespace chatvim::wire {
namespace {

constexpr std::size_t kMostName = 64;
constexpr std::size_t kHashDigits = 8;
constexpr std::size_t kMostLabel = 200;
constexpr std::string_view kJoin = "__";

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

bool may_begin_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Whether both parts of a label keep their characters, and no other label has the same parts.
bool is_plain(std::string_view server, std::string_view tool) {
  const auto is_part = [](std::string_view part) {
    return !part.empty() && std::all_of(part.begin(), part.end(), is_name_character) &&
           part.find(kJoin) == std::string_view::npos;
  };
  return is_part(server) && is_part(tool) && !server.ends_with('_') && !tool.starts_with('_');
}

}  // namespace

std::string tool_name(std::string_view label) {
  const std::size_t dot = label.find('.');
  std::string name(label.substr(0, dot));
  bool plain = dot != std::string_view::npos && is_plain(name, label.substr(dot + 1));
  if (dot != std::string_view::npos) name.append(kJoin).append(label.substr(dot + 1));
  if (name.empty() || !may_begin_name(name.front())) {
    name.insert(0, "t_");
    plain = false;
  }
  if (plain && name.size() <= kMostName) return name;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !is_name_character(c); }, '_');
  name.resize(std::min(name.size(), kMostName - kHashDigits - 1));
  return name.append("_").append(text::sha256(label).substr(0, kHashDigits));
}

std::string label_of(std::string_view wire_name, std::span<const tools::Tool> tools) {
  for (const tools::Tool& tool : tools) {
    // Some models write the name as it stands in the chat.
    if (tool.label == wire_name || tool_name(tool.label) == wire_name) return tool.label;
  }
  std::string label(wire_name.substr(0, kMostLabel));
  const std::size_t join = label.find(kJoin);
  const bool is_between =
      join != std::string::npos && join > 0 && join + kJoin.size() < label.size();
  if (is_between) label.replace(join, kJoin.size(), ".");
  std::replace_if(
      label.begin(), label.end(), [](char c) { return !is_name_character(c) && c != '.'; }, '_');
  return label.empty() ? "unknown" : label;
}

}  // namespace chatvim::wire
