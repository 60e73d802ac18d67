// SPDX-License-Identifier: Apache-2.0
#include "repl_commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "chatvim/settings/near.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::cli {

namespace {

constexpr std::size_t kMostNameBytes = 60;

struct Row {
  std::string_view name;
  ReplCommand command;
  std::string_view argument;
  std::string_view description;
};

constexpr std::array kRows = {
    Row{".edit", ReplCommand::kEdit, "", "write the question in $VISUAL or $EDITOR"},
    Row{".exit", ReplCommand::kExit, "", "end; so does CTRL-D"},
    Row{".file", ReplCommand::kFile, "", "print the name of the chat's file"},
    Row{".help", ReplCommand::kHelp, "", "print this"},
    Row{".model", ReplCommand::kModel, "[NAME]", "print the model, or use another one from now on"},
    Row{".retry", ReplCommand::kRetry, "", "replace the last answer with a new one"},
    Row{".set", ReplCommand::kSet, "[KEY=VALUE]", "print the settings given here, or add one"},
};

constexpr std::string_view kKeys = R"(
Enter sends the question. Alt-Enter, or \ at the end of a line, begins another line; """ before
and after the text keeps all its lines. Up and Down go through earlier questions that begin like
this one; with a space before it, a question is not kept. CTRL-C stops the answer.
)";

std::string_view name_in(std::string_view text) {
  return text.substr(0, text.find_first_of(" \t"));
}

}  // namespace

bool is_repl_command(std::string_view text) {
  if (text.size() < 2 || text[0] != '.' || text.find('\n') != std::string_view::npos) return false;
  return (text[1] >= 'a' && text[1] <= 'z') || (text[1] >= 'A' && text[1] <= 'Z');
}

std::optional<ReplLine> read_repl_command(std::string_view text) {
  const std::string_view name = name_in(text);
  const auto row =
      std::find_if(kRows.begin(), kRows.end(), [name](const Row& one) { return one.name == name; });
  if (row == kRows.end()) return std::nullopt;
  return ReplLine{row->command, std::string(text::trim(text.substr(name.size())))};
}

std::string unknown_repl_command(std::string_view text) {
  const std::string_view name = name_in(text);
  const auto row = std::min_element(kRows.begin(), kRows.end(), [name](const Row& a, const Row& b) {
    return settings::near_distance(name, a.name) < settings::near_distance(name, b.name);
  });
  const bool is_near = settings::near_distance(name, row->name) <= 2;
  return fmt::format(
      "There is no command {}{}; a question that begins with a dot needs a space "
      "before it.",
      text::printable_name(name, kMostNameBytes),
      is_near ? fmt::format(" (did you mean {}?)", row->name) : std::string(" (.help lists them)"));
}

std::string repl_help() {
  std::string help;
  for (const Row& row : kRows) {
    const std::string usage = fmt::format("{} {}", row.name, row.argument);
    help += fmt::format("{:<19} {}\n", usage, row.description);
  }
  return help + std::string(kKeys);
}

}  // namespace chatvim::cli
