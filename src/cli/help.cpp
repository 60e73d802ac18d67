// SPDX-License-Identifier: Apache-2.0
#include "help.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "chatvim/settings/near.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::cli {

namespace {

constexpr std::size_t kMostWordBytes = 60;

constexpr std::string_view kExamples = R"(Examples:
  chatvim complete "What is a monad?"
  git diff | chatvim complete "Write a commit message"
  chatvim complete --write --file chat.md
  chatvim log "And in Haskell?" --file chat.md
  chatvim COMMAND --help)";

constexpr std::string_view kExitCodes = R"(Exit codes:
  0    the answer is whole
  1    the request failed
  2    wrong usage, configuration or document; nothing was sent
  3    the answer was cut short or does not fit its schema, or a call of a tool is not allowed
  130  interrupted)";

/// Returns the most similar name, at most two edits away, or "".
std::string nearest(std::string_view word, const std::vector<std::string>& names) {
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

std::string suggest_option(const CLI::App& command, std::string_view word) {
  word = word.substr(0, word.find('='));
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      if ("--" + name == word) return {};
      names.push_back("--" + name);
    }
  }
  return did_you_mean(word, nearest(word, names));
}

}  // namespace

void add_overview(CLI::App& app) { app.footer(fmt::format("{}\n\n{}", kExamples, kExitCodes)); }

void add_examples(CLI::App& command, std::string_view examples) {
  command.footer(fmt::format("Examples:\n{}\n\n{}", examples, kExitCodes));
}

std::string suggestion(const CLI::App& app, std::span<const char* const> arguments) {
  const CLI::App* command = nullptr;
  for (const std::string_view word : arguments) {
    if (word == "--") break;
    if (command == nullptr && !word.starts_with('-')) {
      std::vector<std::string> names;
      for (const CLI::App* one : app.get_subcommands([](const CLI::App*) { return true; })) {
        if (one->get_name() == word) command = one;
        names.push_back(one->get_name());
      }
      if (command == nullptr) return did_you_mean(word, nearest(word, names));
    } else if (word.starts_with("--")) {
      std::string sentence = suggest_option(command == nullptr ? app : *command, word);
      if (!sentence.empty()) return sentence;
    }
  }
  return {};
}

}  // namespace chatvim::cli
