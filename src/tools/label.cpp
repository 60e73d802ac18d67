// SPDX-License-Identifier: Apache-2.0
#include "chatvim/tools/label.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "characters.hpp"
#include "chatvim/text/sha256.hpp"

namespace chatvim::tools {
namespace {

constexpr std::size_t kMostLabel = 200;
/// Hex digits of the tail that distinguishes labels, enough for any list.
constexpr std::size_t kTailDigits = 8;

std::string plain_label(const Tool& tool) { return tool.server + "." + tool.name; }

/// Returns the label with a tail made from the names.
std::string distinguished(const Tool& tool) {
  const std::string tail =
      "-" + text::sha256(tool.server + '\0' + tool.name).substr(0, kTailDigits);
  std::string label = document_label(tool.server, tool.name);
  label.resize(std::min(label.size(), kMostLabel - tail.size()));
  return label + tail;
}

}  // namespace

std::string document_label(std::string_view server, std::string_view tool) {
  std::string label;
  label.append(server).append(".").append(tool);
  label.resize(std::min(label.size(), kMostLabel));
  for (char& c : label) {
    if (!is_alphanumeric(c) && c != '.' && c != '_' && c != '-') c = '_';
  }
  return label;
}

void set_labels(std::vector<Tool>& tools) {
  std::set<std::pair<std::string, std::string>> seen;
  std::erase_if(tools, [&seen](const Tool& tool) {
    return !seen.insert({tool.server, tool.name}).second;
  });
  std::map<std::string, std::size_t> uses;
  for (Tool& tool : tools) {
    tool.label = document_label(tool.server, tool.name);
    ++uses[tool.label];
  }
  for (Tool& tool : tools) {
    if (uses[tool.label] > 1 && tool.label != plain_label(tool)) tool.label = distinguished(tool);
  }
}

}  // namespace chatvim::tools
