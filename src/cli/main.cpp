// SPDX-License-Identifier: Apache-2.0
#include "chatvim/cli/main.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <iostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "chatvim/http/curl_client.hpp"
#include "chatvim/loop/system.hpp"
#include "chatvim/text/utf8.hpp"
#include "define.hpp"
#include "help.hpp"
#include "input.hpp"
#include "open_editor.hpp"
#include "output.hpp"

namespace chatvim::cli {

namespace {

constexpr int kWrongUsage = 2;

std::optional<std::string> read_environment(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  if (!value) return std::nullopt;
  return value;
}

/// Says why Neovim was not opened on a chat, "" for a new one, and what works without it.
void say_not_opened(const std::string& chat, int reason) {
  const std::string advice =
      chat.empty() ? "chatvim --help lists the commands"
                   : fmt::format("chatvim complete --file {} answers the chat", for_shell(chat));
  if (reason == ENOTTY) {
    return say(fmt::format("Run this in a terminal, where it opens Neovim; {}.", advice));
  }
  say(fmt::format("Install Neovim, which opens chats; {}. nvim cannot be run: {}.", advice,
                  std::strerror(reason)));
}

/// Opens Neovim if the arguments ask for that: none, or the name of a chat. Returns false if they
/// do not, true after saying why it cannot.
bool try_editor(const Environment& environment, int argc, const char* const* argv) {
  const bool names_chat = argc == 2 && is_chat_file(argv[1]);
  if (argc != 1 && !names_chat) return false;
  const std::string chat = names_chat ? argv[1] : "";
  open_editor(environment, chat);
  say_not_opened(chat, errno);
  return true;
}

/// Returns the arguments of the parser, without the program's name: `help COMMAND` means
/// `COMMAND --help`.
std::vector<std::string> arguments_of(int argc, const char* const* argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  if (words.empty() || words.front() != "help") return words;
  words.erase(words.begin());
  words.emplace_back("--help");
  return words;
}

/// Returns advice for a question or a word that was given in place of a command, or "".
std::string question_advice(int argc, const char* const* argv) {
  if (argc < 2 || argv[1][0] == '-') return {};
  const bool is_question =
      argc > 2 || std::string_view(argv[1]).find(' ') != std::string_view::npos;
  if (is_question) return "To ask a question, write: chatvim complete \"QUESTION\"";
  return fmt::format("\"{}\" is neither a command nor a chat (FILE.md).",
                     text::printable_name(argv[1], kMostWordBytes));
}

/// Parses the arguments and runs the command that they choose.
class CommandLine {
 public:
  explicit CommandLine(Options& options)
      : options_(options), app_("Chatvim: the chat is a plain markdown file.", "chatvim") {
    app_.set_version_flag("--version", [] {
      return fmt::format("chatvim {}\n{}\nbuilt with {}", CHATVIM_VERSION, http::library_version(),
                         CHATVIM_LIBRARIES);
    });
    app_.require_subcommand(1);
    define_chats(definitions_);
    define_texts(definitions_);
    define_lists(definitions_);
    define_keys(definitions_);
    define_servers(definitions_);
    define_scripts(definitions_);
    add_overview(app_);
  }

  int run(int argc, const char* const* argv) {
    try {
      auto words = arguments_of(argc, argv);
      std::reverse(words.begin(), words.end());  // as the parser wants them
      app_.parse(std::move(words));
    } catch (const CLI::ParseError& error) {
      // The message repeats arguments, which may be file names with control characters.
      std::ostringstream complaint;
      const int code = app_.exit(error, std::cout, complaint);
      const std::string meant = suggestion(app_, {argv + 1, argv + argc});
      if (code != 0) complaint << advice(meant, argc, argv);
      say_lines(text::harmless(complaint.str()));
      return code == 0 ? 0 : kWrongUsage;
    }
    for (const auto* command : app_.get_subcommands()) {
      const auto* prompt = command->get_option_no_throw("PROMPT");
      options_.has_prompt = prompt != nullptr && prompt->count() > 0;
      const auto is_given = [command](const char* name) {
        const auto* option = command->get_option_no_throw(name);
        return option != nullptr && option->count() > 0;
      };
      options_.has_model = is_given("--model");
      if (auto named = check_names(*command); !named) return report(named.error());
    }
    if (auto usable = read_dash(); !usable) return report(usable.error());
    return definitions_.chosen ? definitions_.chosen(options_) : kWrongUsage;
  }

 private:
  /// Checks that no file is named with an empty word, as an unset variable of a script does.
  static Result<void> check_names(const CLI::App& command) {
    for (const CLI::Option* option : command.get_options()) {
      const std::string type = option->get_type_name();
      const std::string name = option->get_name();
      const auto& words = option->results();
      const bool is_name = type == "FILE" || type == "PATH" || name == "FILE";
      if (!is_name || std::find(words.begin(), words.end(), "") == words.end()) continue;
      return tl::unexpected(
          Error{ErrorCode::kBadArguments, name == "FILE"
                                              ? "Name a file in place of \"\", or leave it out."
                                              : fmt::format("Name a file after {}: it is empty.",
                                                            "--" + option->get_lnames().front())});
    }
    return {};
  }

  /// Takes `-` as the name of standard input, which a chat that is written cannot be.
  Result<void> read_dash() {
    if (options_.file != "-") return {};
    if (app_.got_subcommand("log") || app_.got_subcommand("repl")) {
      return tl::unexpected(Error{ErrorCode::kBadArguments,
                                  "Name a chat file: answers are written to it, so it cannot be "
                                  "standard input (./- is a file named -)."});
    }
    options_.file.clear();
    return {};
  }

  /// Returns a line about what the arguments may have meant, or "".
  std::string advice(const std::string& meant, int argc, const char* const* argv) const {
    if (!meant.empty()) return meant + "\n";
    const auto has_name = [&](const CLI::App* command) { return command->get_name() == argv[1]; };
    const auto commands = app_.get_subcommands(has_name);
    if (argc > 1 && !commands.empty()) return quoting_advice(*commands.front());
    const std::string question = question_advice(argc, argv);
    return question.empty() ? "" : question + "\n";
  }

  /// The words of a question are not joined: `-a *.md` would send names of files as a question.
  static std::string quoting_advice(const CLI::App& command) {
    const auto* prompt = command.get_option_no_throw("PROMPT");
    const auto rest = command.remaining();
    if (prompt == nullptr || prompt->count() == 0 || rest.empty() || rest.front().starts_with('-'))
      return {};
    return fmt::format("Put the question in quotes: chatvim {} \"QUESTION\"\n", command.get_name());
  }

  Options& options_;
  CLI::App app_;
  Definitions definitions_{app_, options_};
};

}  // namespace

int run(int argc, const char* const* argv) {
  loop::open_standard_descriptors();
  loop::hide_memory();
  loop::ignore_broken_pipes();
  try {
    Options options;
    options.environment = read_environment;
    if (try_editor(options.environment, argc, argv)) return kWrongUsage;
    return CommandLine(options).run(argc, argv);
  } catch (const std::exception& error) {
    say(error.what());
    return 1;
  }
}

}  // namespace chatvim::cli
