// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "completion.hpp"

namespace chatvim::cli {

namespace {

constexpr std::string_view kZshStart = R"zsh(#compdef chatvim
# zsh completion for chatvim, from `chatvim completion zsh`
# The last argument is a command of chatvim that prints names; the others are for compadd.
_chatvim_names() {
  local -a names
  names=(${(f)"$(_call_program names $chatvim_program $@[-1] --names 2>/dev/null)"})
  compadd "${@[1,-2]}" -a names
}
)zsh";

// Where the file is autoloaded, it is the function itself.
constexpr std::string_view kZshEnd = R"zsh(
if [ "$funcstack[1]" = "_chatvim" ]; then
  _chatvim "$@"
else
  compdef _chatvim chatvim
fi
)zsh";

/// Quotes text for the shell.
std::string zsh_word(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

/// Escapes what _arguments and _describe read in a description.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

/// Returns the action that completes a value.
std::string zsh_action(const OptionInfo& option) {
  switch (option.values) {
    case Values::kFiles:
      return "_files";
    case Values::kModels:
      return "_chatvim_names models";
    case Values::kProviders:
      return "_chatvim_names providers";
    case Values::kChoices:
      return fmt::format("({})", fmt::join(option.choices, " "));
    case Values::kOther:
      break;
  }
  return "";
}

/// Returns the specification of a value for _arguments, from its colon on.
std::string zsh_value(const OptionInfo& option) {
  return fmt::format(":{}:{}", zsh_text(option.value), zsh_action(option));
}

void zsh_options(std::string& out, const CommandInfo& command) {
  for (const OptionInfo& option : command.options) {
    for (const std::string& name : option.names) {
      // After `*` an option may be repeated.
      const bool takes_value = !option.value.empty();
      const std::string sign = takes_value && name.starts_with("--") ? "=" : "";
      out += " \\\n    " +
             zsh_word(fmt::format("*{}{}[{}]{}", name, sign, zsh_text(option.description),
                                  takes_value ? zsh_value(option) : ""));
    }
  }
}

std::string function_name(const CommandInfo& command) {
  std::string name = "_chatvim";
  if (!command.path.empty()) name += "__" + command.path;
  for (char& c : name) {
    if (c == ' ') c = '_';
  }
  return name;
}

/// Appends the body of the function for a command without others in it.
void append_leaf(std::string& out, const CommandInfo& command) {
  out += "  _arguments -s -S";
  zsh_options(out, command);
  for (const OptionInfo& argument : command.arguments) {
    // With no action, zsh shows a message, which keeps options from being completed.
    const std::string action = zsh_action(argument);
    out += " \\\n    " + zsh_word(fmt::format(":{}:{}", zsh_text(argument.names.front()),
                                              action.empty() ? "{ true }" : action));
  }
  out += "\n";
}

/// Appends the body of the function for a command with others in it.
void append_group(std::string& out, const CommandInfo& command) {
  out += "  local curcontext=$curcontext state line ret=1\n  local -a commands\n  commands=(\n";
  for (const CommandInfo& one : command.commands) {
    out += "    " + zsh_word(one.name + ":" + zsh_text(one.description)) + "\n";
  }
  out += "  )\n  _arguments -C";
  zsh_options(out, command);
  out +=
      " \\\n    '1: :->command' '*:: :->arguments' && ret=0\n  case $state in\n"
      "    command) _describe command commands && ret=0 ;;\n    arguments)\n"
      "      case $words[1] in\n";
  for (const CommandInfo& one : command.commands) {
    out += fmt::format("        {}) {} && ret=0 ;;\n", one.name, function_name(one));
  }
  out += "      esac\n      ;;\n  esac\n  return ret\n";
}

/// Appends the function that completes a command; those of the commands in it come first.
void append_function(std::string& out, const CommandInfo& command) {
  for (const CommandInfo& one : command.commands) append_function(out, one);
  out += "\n" + function_name(command) + "() {\n";
  if (command.path.empty()) out += "  local chatvim_program=$words[1]\n";
  command.commands.empty() ? append_leaf(out, command) : append_group(out, command);
  out += "}\n";
}

}  // namespace

std::string zsh_completion(const CommandInfo& program) {
  std::string out(kZshStart);
  append_function(out, program);
  return out += kZshEnd;
}

}  // namespace chatvim::cli
