// SPDX-License-Identifier: Apache-2.0
#include "help.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "chatvim/settings/near.hpp"
#include "chatvim/text/utf8.hpp"
#include "habits.hpp"

namespace chatvim::cli {

namespace {

constexpr std::string_view kExamples = R"(Examples:
  chatvim complete "What is a monad?"
  git diff | chatvim complete "Write a commit message"
  chatvim complete --write --file chat.md
  chatvim log "And in Haskell?" --file chat.md
  chatvim                  (Neovim, on a new chat)
  chatvim chat.md          (Neovim, on this one)
  chatvim COMMAND --help)";

std::string describe_codes(std::span<const ExitCode> codes) {
  std::string out(kExitCodesTitle);
  for (const auto& [code, words] : codes) out += fmt::format("\n  {:<4} {}", code, words);
  return out;
}

/// Returns the only name that begins with a word, or "".
std::string completed(std::string_view word, const std::vector<std::string>& names) {
  const auto begins = [word](const std::string& name) { return name.starts_with(word); };
  const auto found = std::find_if(names.begin(), names.end(), begins);
  const bool is_only = found != names.end() && std::count_if(found, names.end(), begins) == 1;
  return is_only ? *found : std::string();
}

/// Returns the most similar name: the one that the word abbreviates, or one that is at most two
/// edits away; "" if there is none.
std::string nearest(std::string_view word, const std::vector<std::string>& names) {
  if (std::string name = completed(word, names); !name.empty()) return name;
  std::string best;
  int best_distance = 3;
  for (const std::string& name : names) {
    const int distance = settings::near_distance(word, name);
    if (distance >= best_distance) continue;
    best = name;
    best_distance = distance;
  }
  return best;
}

std::string did_you_mean(std::string_view word, const std::string& name) {
  if (name.empty()) return {};
  return fmt::format("Did you mean \"{}\" in place of \"{}\"?", name,
                     text::printable_name(word, kMostWordBytes));
}

/// Returns the command whose option was given before any command, or nothing: the first that has
/// it.
const CLI::App* command_with(const CLI::App& app, std::string_view option) {
  if (app.get_parent() != nullptr) return nullptr;
  for (const CLI::App* one : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (one->get_option_no_throw(std::string(option)) != nullptr) return one;
  }
  return nullptr;
}

std::string suggest_option(const CLI::App& command, std::string_view word) {
  word = word.substr(0, word.find('='));
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  if (std::find(names.begin(), names.end(), word) != names.end()) return {};
  if (const auto advice = advice_for_habit(word); !advice.empty()) return std::string(advice);
  if (const CLI::App* const one = command_with(command, word)) {
    return fmt::format("Name the command before its options: chatvim {} {} …", one->get_name(),
                       word);
  }
  return word.starts_with("--") ? did_you_mean(word, nearest(word, names)) : std::string();
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* one : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(one->get_name());
  }
  return names;
}

/// Names the commands in a command; "" for the program itself, whose `--help` does.
std::string list_commands(const CLI::App& command, const std::vector<std::string>& names) {
  if (command.get_parent() == nullptr || names.empty()) return {};
  const std::string start = "chatvim " + command.get_name() + " ";
  return fmt::format("Write {}{}.", start, fmt::join(names, " or " + start));
}

const CLI::App* find_command(const CLI::App& app, std::string_view word) {
  for (const CLI::App* one : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (one->get_name() == word) return one;
  }
  return nullptr;
}

/// Suggests a command in place of an unknown word.
std::string suggest_command(const CLI::App& command, std::string_view word) {
  const bool is_program = command.get_parent() == nullptr;
  if (const auto advice = advice_for_habit(word); is_program && !advice.empty()) {
    return std::string(advice);
  }
  const std::vector<std::string> names = command_names(command);
  const std::string sentence = did_you_mean(word, nearest(word, names));
  return sentence.empty() ? list_commands(command, names) : sentence;
}

}  // namespace

void add_overview(CLI::App& app) {
  app.footer(fmt::format("{}\n\n{}", kExamples, describe_codes(kExitCodes)));
}

void add_examples(CLI::App& command, std::string_view examples, std::span<const ExitCode> codes) {
  command.footer(fmt::format("Examples:\n{}\n\n{}", examples, describe_codes(codes)));
}

std::string suggestion(const CLI::App& app, std::span<const char* const> arguments) {
  const CLI::App* command = &app;
  for (const std::string_view word : arguments) {
    if (word == "--") break;
    if (word.size() > 1 && word.starts_with('-')) {
      std::string sentence = suggest_option(*command, word);
      if (!sentence.empty()) return sentence;
      continue;
    }
    if (command_names(*command).empty()) continue;
    const CLI::App* const found = find_command(*command, word);
    if (found == nullptr) return suggest_command(*command, word);
    command = found;
  }
  return list_commands(*command, command_names(*command));
}

}  // namespace chatvim::cli
