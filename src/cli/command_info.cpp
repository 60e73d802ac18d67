// SPDX-License-Identifier: Apache-2.0
#include "command_info.hpp"

#include <utility>

namespace chatvim::cli {

namespace {

/// Returns the words between `|`.
std::vector<std::string> split_choices(const std::string& text) {
  std::vector<std::string> words;
  std::size_t start = 0;
  for (std::size_t bar = text.find('|'); bar != std::string::npos; bar = text.find('|', start)) {
    words.push_back(text.substr(start, bar - start));
    start = bar + 1;
  }
  words.push_back(text.substr(start));
  return words;
}

/// The word for a value says what it is, for people and for completion.
Values values_of(const std::string& word) {
  if (word == "FILE" || word == "PATH") return Values::kFiles;
  if (word == "MODEL") return Values::kModels;
  if (word == "PROVIDER") return Values::kProviders;
  return word.find('|') != std::string::npos ? Values::kChoices : Values::kOther;
}

OptionInfo describe_option(const CLI::Option& option) {
  OptionInfo info;
  for (const std::string& name : option.get_snames()) info.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) info.names.push_back("--" + name);
  const bool is_argument = info.names.empty();
  if (is_argument) info.names.push_back(option.get_name(true));
  const bool has_value = option.get_items_expected_max() > 0;
  if (has_value) info.value = is_argument ? info.names.front() : option.get_type_name();
  // An argument is named for what it is, unless its choices are given.
  if (is_argument && option.get_type_name().find('|') != std::string::npos) {
    info.value = option.get_type_name();
  }
  info.values = values_of(info.value);
  if (info.values == Values::kChoices) info.choices = split_choices(info.value);
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
