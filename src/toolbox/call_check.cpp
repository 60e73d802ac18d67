// SPDX-License-Identifier: Apache-2.0
#include "call_check.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "chatvim/text/lines.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::toolbox {

namespace {

constexpr std::size_t kMostName = 200;

}  // namespace

std::string no_such_tool(const std::string& label) {
  return fmt::format("Use the tools that are offered: there is none of the name {} here.",
                     text::printable_name(label, kMostName));
}

bool is_object(const std::string& arguments) {
  if (text::is_blank(arguments)) return true;
  const auto start = arguments.find_first_not_of(" \t\r\n");
  return arguments[start] == '{' && nlohmann::json::accept(arguments);
}

}  // namespace chatvim::toolbox
