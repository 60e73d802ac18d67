// SPDX-License-Identifier: Apache-2.0
#include "command_info.hpp"

#include <algorithm>
#include <string_view>

namespace chatvim::cli {

namespace {

/// Returns the values that CLI::IsMember accepts, which the parser describes as "WORD:{a,b}".
std::vector<std::string> choices_in(std::string_view type) {
  const std::size_t open = type.find('{');
  if (open == std::string_view::npos || !type.ends_with('}')) return {};
  type = type.substr(open + 1, type.size() - open - 2);
  std::vector<std::string> words;
  while (!type.empty()) {
    const std::size_t end = std::min(type.find(','), type.size());
    words.emplace_back(type.substr(0, end));
    type.remove_prefix(std::min(end + 1, type.size()));
  }
  return words;
}

/// The word for a value says what it is, for people and for completion.
Values values_of(const OptionInfo& option) {
  if (!option.choices.empty()) return Values::kChoices;
  if (option.value == "FILE" || option.value == "PATH") return Values::kFiles;
  if (option.value == "MODEL") return Values::kModels;
  return option.value == "PROVIDER" ? Values::kProviders : Values::kOther;
}

OptionInfo describe_option(const CLI::Option& option) {
  OptionInfo info;
  for (const std::string& name : option.get_snames()) info.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) info.names.push_back("--" + name);
  const bool is_argument = info.names.empty();
  if (is_argument) info.names.push_back(option.get_name(true));
  const std::string type = option.get_type_name();
  if (option.get_items_expected_max() > 0) {
    info.value = is_argument ? info.names.front() : type.substr(0, type.find(':'));
    info.choices = choices_in(type);
  }
  info.values = values_of(info);
  info.description = option.get_description();
  info.is_required = option.get_required();
  return info;
}

CommandInfo describe(const CLI::App& app, const std::string& path) {
  CommandInfo info;
  info.name = app.get_name();
  info.path = path;
  info.description = app.get_description();
  info.footer = app.get_footer();
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    (option->nonpositional() ? info.options : info.arguments).push_back(describe_option(*option));
  }
  for (const CLI::App* one : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (one->get_group().empty()) continue;
    info.commands.push_back(
        describe(*one, path.empty() ? one->get_name() : path + " " + one->get_name()));
  }
  return info;
}

}  // namespace

CommandInfo describe_command(const CLI::App& app) { return describe(app, ""); }

}  // namespace chatvim::cli
