// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "completion.hpp"

namespace chatvim::cli {

namespace {

// The program as typed, which need not be on PATH.
constexpr std::string_view kFishStart =
    R"fish(# fish completion for chatvim, from `chatvim completion fish`
function __chatvim_names
    set -l words (commandline -opc)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    command $program $argv --names 2>/dev/null
end

# Whether the command that is being typed is this one.
function __chatvim_command
    set -l words (commandline -opc)
    set -e words[1]
    set -l plain (string match -v -- '-*' $words)
    set -l count (count $argv)
    test (count $plain) -ge $count; or return 1
    test $count -eq 0; and return 0
    test "$plain[1..$count]" = "$argv"
end

# The same, with no command in it chosen yet.
function __chatvim_group
    __chatvim_command $argv; or return 1
    set -l words (commandline -opc)
    set -e words[1]
    test (count (string match -v -- '-*' $words)) -eq (count $argv)
end

complete -c chatvim -f
)fish";

/// Quotes text for fish.
std::string fish_word(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

/// Returns the options of `complete` for a value.
std::string value_flags(const OptionInfo& option) {
  switch (option.values) {
    case Values::kFiles:
      return " -r -F";
    case Values::kModels:
      return " -x -a '(__chatvim_names models)'";
    case Values::kProviders:
      return " -x -a '(__chatvim_names providers)'";
    case Values::kChoices:
      return fmt::format(" -x -a {}", fish_word(fmt::format("{}", fmt::join(option.choices, " "))));
    case Values::kOther:
      break;
  }
  return " -x";
}

void append_option(std::string& out, const std::string& start, const OptionInfo& option) {
  out += start;
  for (const std::string& name : option.names) {
    out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (!option.value.empty()) out += value_flags(option);
  out += " -d " + fish_word(option.description) + "\n";
}

void append_command(std::string& out, const CommandInfo& command) {
  const std::string start =
      fmt::format("complete -c chatvim -n {}",
                  fish_word(command.commands.empty() ? "__chatvim_command " + command.path
                                                     : "__chatvim_group " + command.path));
  for (const CommandInfo& one : command.commands) {
    out += fmt::format("{} -a {} -d {}\n", start, one.name, fish_word(one.description));
  }
  for (const OptionInfo& option : command.options) append_option(out, start, option);
  for (const OptionInfo& argument : command.arguments) {
    if (argument.values == Values::kOther) continue;
    std::string flags = value_flags(argument);
    const std::size_t words = flags.find(" -a ");
    out += start + (words == std::string::npos ? " -F" : flags.substr(words)) + "\n";
  }
}

}  // namespace

std::string fish_completion(const CommandInfo& program) {
  std::string out(kFishStart);
  for_each_command(program, [&out](const CommandInfo& command) { append_command(out, command); });
  return out;
}

}  // namespace chatvim::cli
