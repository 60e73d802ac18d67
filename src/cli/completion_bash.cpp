// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "completion.hpp"

namespace chatvim::cli {

namespace {

// Works in bash 3.2, which macOS has, and without the package bash-completion. `=` and `:` split
// words there, so that an option may be three words, and what stands before a colon is not
// replaced.
constexpr std::string_view kBashStart =
    R"sh(# bash completion for chatvim, from `chatvim completion bash`
# Not with compgen -W, which expands the words: a name may hold the characters of an expansion. One
# that the shell would read otherwise on the line is not offered.
_chatvim_words() {
    local word head i words=()
    IFS=$' \t\n' read -r -d '' -a words <<< "$1"
    for word in "${words[@]}"; do
        case $word in
            *[!a-zA-Z0-9_./:@%+,=-]*) ;;
            "$current"*) COMPREPLY[${#COMPREPLY[@]}]=$word ;;
        esac
    done
    case $current in
        *:*)
            head=${current%"${current##*:}"}
            for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=${COMPREPLY[i]#"$head"}; done
            ;;
    esac
}

_chatvim() {
    local program=${COMP_WORDS[0]} current='' command='' option='' word last i
    case $program in '~/'*) program=$HOME/${program#'~/'} ;; esac
    # The words up to the cursor, put together again where `=` and `:` have split them.
    local words=()
    for ((i = 1; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        last=$((${#words[@]} - 1))
        if [ $last -ge 0 ]; then
            case "${words[last]}|$word" in
                *:'|'* | *'|:'* | --*='|'* | --*'|='*)
                    words[last]+=$word
                    continue
                    ;;
            esac
        fi
        words[last + 1]=$word
    done
    last=$((${#words[@]} - 1))
    current=${words[last]}
    for ((i = 0; i < last; i++)); do
        option=''
        case "$command ${words[i]}" in
)sh";

constexpr std::string_view kBashMiddle = R"sh(            *' --'*=*) ;;
            *' -'*) option=${words[i]} ;;
        esac
    done
    case $current in
        --*=*)
            option=${current%%=*}
            current=${current#*=}
            ;;
    esac
    COMPREPLY=()
    case "$command $option" in
)sh";

constexpr std::string_view kBashEnd = R"sh(    esac
}
complete -o bashdefault -o default -F _chatvim chatvim
)sh";

/// Returns the shell's words that complete a value; empty for files and unknown values.
std::string words_for(const OptionInfo& option) {
  switch (option.values) {
    case Values::kModels:
      return "$(\"$program\" models --names 2> /dev/null)";
    case Values::kProviders:
      return "$(\"$program\" providers --names 2> /dev/null)";
    case Values::kChoices:
      return fmt::format("{}", fmt::join(option.choices, " "));
    case Values::kFiles:
    case Values::kOther:
      break;
  }
  return "";
}

std::string join_names(const OptionInfo& option, const std::string& command) {
  std::string out;
  for (const std::string& name : option.names) {
    out += fmt::format("{}'{} {}'", out.empty() ? "" : " | ", command, name);
  }
  return out;
}

/// Appends the values of the options of one command, then what may stand without an
/// option.
void append_cases(std::string& out, const CommandInfo& command) {
  for (const OptionInfo& option : command.options) {
    if (option.value.empty()) continue;
    const std::string words = words_for(option);
    out += fmt::format("        {}) {} ;;\n", join_names(option, command.path),
                       words.empty() ? "return" : fmt::format("_chatvim_words \"{}\"", words));
  }
  std::string words;
  std::string options;
  for (const CommandInfo& one : command.commands) words += one.name + " ";
  for (const OptionInfo& option : command.options) {
    for (const std::string& name : option.names) options += name + " ";
  }
  for (const OptionInfo& argument : command.arguments) words += words_for(argument) + " ";
  out += fmt::format("        '{0} ' | '{0} -'*)\n            case $current in\n", command.path);
  out += fmt::format("                -*) _chatvim_words \"{}\" ;;\n", options);
  out += fmt::format("                *) _chatvim_words \"{}\" ;;\n", words);
  out += "            esac\n            ;;\n";
}

}  // namespace

std::string bash_completion(const CommandInfo& program) {
  std::string out(kBashStart);
  for_each_command(program, [&out](const CommandInfo& command) {
    if (command.path.empty()) return;
    const std::size_t space = command.path.rfind(' ');
    const std::string parent = space == std::string::npos ? "" : command.path.substr(0, space);
    out +=
        fmt::format("            '{} {}') command='{}' ;;\n", parent, command.name, command.path);
  });
  out += kBashMiddle;
  for_each_command(program, [&out](const CommandInfo& command) { append_cases(out, command); });
  return out += kBashEnd;
}

}  // namespace chatvim::cli
