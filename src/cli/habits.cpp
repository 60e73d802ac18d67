// SPDX-License-Identifier: Apache-2.0
#include "habits.hpp"

#include <algorithm>
#include <array>

namespace chatvim::cli {

namespace {

/// Names of `llm` and `mods`, separated by spaces, and what to do here.
struct Habit {
  std::string_view words;
  std::string_view advice;
};

constexpr std::string_view kContinue =
    "A chat is a file: chatvim log PROMPT --file FILE continues the one in FILE.";
constexpr std::string_view kSettings =
    "Settings are given with --set KEY=VALUE, such as --set temperature=0.2.";
constexpr std::string_view kPresets =
    "Presets hold prompts and settings: --set preset=NAME chooses presets/NAME.md.";
constexpr std::string_view kFences = "The whole answer is printed; ask for the code alone.";
constexpr std::string_view kChatFiles =
    "Chats are files, which are listed, shown and deleted like any other.";

constexpr std::array kHabits = {
    Habit{"--key --value", "A key is never an argument: chatvim keys set PROVIDER stores it."},
    Habit{"-c --cid --conversation -C --continue-last", kContinue},
    Habit{"-o --option --temp --topp --topk --max-tokens --no-limit", kSettings},
    Habit{"--options --settings --reset-settings", "Settings are in config.md; see :help chatvim."},
    Habit{"-t --template --role --list-roles --save -p --param templates", kPresets},
    Habit{"--attachment --at --attachment-type --sf --system-fragment fragments",
          "--attach FILE sends a file, a picture or a PDF with the prompt."},
    Habit{"-T --tool --functions --mcp-list-tools --mcp-list --mcp-disable",
          "Tools are chosen with --set 'tools=[\"NAME\"]'; chatvim tools lists them."},
    Habit{"--ta --tools-approve --td --tools-debug",
          "A tool runs only if it was allowed before or by --allow-tool; log writes each call."},
    Habit{"--cl --chain-limit", "The limit is --set max_steps=NUMBER."},
    Habit{"-x --extract --xl --extract-last", kFences},
    Habit{"-u --usage", "With --json, the object at the end has the usage."},
    Habit{"--no-stream", "With --json, nothing is printed before the answer has ended."},
    Habit{"--async -n --no-log --no-cache -d --database",
          "complete keeps nothing; log adds to a file."},
    Habit{"-R --hide-reasoning", "Reasoning is hidden unless --set reasoning=keep."},
    Habit{"--schema-multi", "Write the list into the schema, and give it with --schema FILE."},
    Habit{"-q --query --quiet",
          "chatvim models --names | grep WORD finds a model; progress is "
          "shown only on a terminal."},
    Habit{"-M --ask-model", "chatvim models --names | fzf asks for one."},
    Habit{"--http-proxy", "Set HTTPS_PROXY, or proxy in [providers.NAME] of config.md."},
    Habit{"--max-retries", "A request is sent again at most twice, if that can help."},
    Habit{"-l --list --show -S --show-last --delete --delete-older-than --title logs", kChatFiles},
    Habit{"chat", "chatvim repl asks question after question in a chat file."},
    Habit{"version", "chatvim --version prints it."},
    Habit{"prompt", "chatvim complete PROMPT answers a prompt."},
    Habit{"aliases", "A provider's row lists names in models; default_model is used without one."},
    Habit{"plugins install uninstall",
          "There are no plugins; [providers.NAME] in config.md adds a "
          "provider, [tools.NAME] a server of tools."},
    Habit{"schemas", "A schema is a file: --schema FILE."},
    Habit{"embed embed-multi embed-models collections similar openai",
          "Embeddings are not made here."},
};

bool has_word(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == word) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

}  // namespace

std::string_view advice_for_habit(std::string_view word) {
  const auto found = std::find_if(kHabits.begin(), kHabits.end(), [word](const Habit& habit) {
    return has_word(habit.words, word);
  });
  return found == kHabits.end() ? "" : found->advice;
}

}  // namespace chatvim::cli
