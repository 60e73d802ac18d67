// SPDX-License-Identifier: Apache-2.0
#include "habits.hpp"

#include <algorithm>
#include <array>

namespace chatvim::cli {

namespace {

/// Names of `llm`, `mods` and `aichat`, separated by spaces, and what to do here.
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
    Habit{"-c --cid --conversation -C --continue-last --session --empty-session --save-session",
          kContinue},
    Habit{"-o --option --temp --topp --topk --max-tokens --no-limit", kSettings},
    Habit{"--options --settings --reset-settings --dirs",
          "Settings are in config.md; see :help chatvim."},
    Habit{"-t --template --role --list-roles --save -p --param templates", kPresets},
    Habit{"--attachment --at --attachment-type --sf --system-fragment fragments",
          "--attach FILE sends a file, a picture or a PDF with the prompt."},
    Habit{"-T --tool --functions --mcp-list-tools --mcp-list --mcp-disable",
          "Tools are chosen with --set 'tools=[\"NAME\"]'; chatvim tools lists them."},
    Habit{
        "--agent --agent-variable --list-agents --macro --list-macros",
        "There are no agents: --set preset=NAME chooses presets/NAME.md, with prompts and tools."},
    Habit{"--rag --rebuild-rag --list-rags",
          "There is no index: --attach FILE sends files, --set 'tools=[\"files\"]' lets the model "
          "read "
          "them."},
    Habit{"--ta --tools-approve --td --tools-debug",
          "A tool runs only if it was allowed before or by --allow-tool; log writes each call."},
    Habit{"--cl --chain-limit", "The limit is --set max_steps=NUMBER."},
    Habit{"-x",
          "The whole answer is printed; ask for the code alone. For a proxy, set HTTPS_PROXY, or "
          "proxy "
          "in [providers.NAME] of config.md."},
    Habit{"--extract --xl --extract-last --code", kFences},
    Habit{"-e --execute",
          "Commands are not run: ask for the command alone, and run it if it is right."},
    Habit{"--format --format-as", "Ask for the format in the question."},
    Habit{"-r --raw --word-wrap --theme",
          "The answer is printed as it is: | chatvim color colors it, | chatvim format wraps it."},
    Habit{"--status-text --fanciness", "Progress is shown only on a terminal, on one line."},
    Habit{"--prompt -P --prompt-args", "-s WORDS gives a system message; PROMPT is the question."},
    Habit{"--dry-run", "chatvim request prints what complete would send."},
    Habit{"--list-models --sync-models",
          "chatvim models lists them, and with --remote PROVIDER those that the server names."},
    Habit{"--info",
          "chatvim providers, models and tools list what there is; settings are in config.md."},
    Habit{"--editor",
          "chatvim alone opens Neovim on a new chat; .edit of chatvim repl opens $EDITOR."},
    Habit{"--log", "chatvim log PROMPT adds the question and its answer to a file."},
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
    Habit{
        "-l --list --show -S --show-last --delete --delete-older-than --title --list-sessions logs",
        kChatFiles},
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
