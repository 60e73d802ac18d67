// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace chatvim::cli {

/// What may be completed as the value of an option or argument.
enum class Values { kOther, kFiles, kModels, kProviders, kChoices };

/// An option, flag or positional argument.
struct OptionInfo {
  std::vector<std::string> names;  ///< such as "--file" and "-f"; for an argument, its name
  std::string value;               ///< the word for its value; empty for a flag
  std::string description;
  Values values = Values::kOther;
  std::vector<std::string> choices;  ///< for `kChoices`
  bool is_required = false;
};

/// A command, with the commands in it.
struct CommandInfo {
  std::string name;  ///< the last word of `path`
  std::string path;  ///< without "chatvim": "keys set"; empty for the program itself
  std::string description;
  std::string footer;  ///< examples and remarks
  std::vector<OptionInfo> options;
  std::vector<OptionInfo> arguments;
  std::vector<CommandInfo> commands;
};

/// Reads the definitions of the parser. Hidden commands and options (in the group "") are left out.
CommandInfo describe_command(const CLI::App& app);

/// Calls back with a command and, after it, each in it.
template <class Callback>
void for_each_command(const CommandInfo& command, const Callback& callback) {
  callback(command);
  for (const CommandInfo& one : command.commands) for_each_command(one, callback);
}

}  // namespace chatvim::cli
