// SPDX-License-Identifier: Apache-2.0
#include "chatvim/cli/main.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <sstream>

#include "chatvim/http/curl_client.hpp"
#include "chatvim/loop/system.hpp"
#include "chatvim/text/utf8.hpp"
#include "commands.hpp"
#include "help.hpp"
#include "output.hpp"

namespace chatvim::cli {

namespace {

constexpr int kWrongUsage = 2;

std::optional<std::string> read_environment(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  if (!value) return std::nullopt;
  return value;
}

void add_input(CLI::App& command, Options& options) {
  command.add_option("--file", options.file, "The chat document (default: standard input)")
      ->type_name("FILE");
}

void add_settings(CLI::App& command, Options& options) {
  command
      .add_option("--model", options.model,
                  "The model, in place of the document's: NAME or PROVIDER/NAME")
      ->type_name("MODEL");
  command
      .add_option("--set", options.assignments,
                  "A setting, in place of the document's; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command
      .add_option(
          "--allow", options.allowed,
          "A file or folder outside the chat's folder that may be embedded, or the name that an "
          "error message gives; may be repeated")
      ->type_name("PATH")
      ->allow_extra_args(false);
  command.add_flag("--allow-secrets", options.allows_secrets,
                   "Send embedded text even if it seems to contain a key");
}

void add_tools(CLI::App& command, Options& options) {
  command
      .add_option("--allow-tool", options.allowed_tools,
                  "A tool that the model may call without being asked about, as SERVER.TOOL; a `*` "
                  "matches any text; may be repeated")
      ->type_name("TOOL")
      ->allow_extra_args(false);
}

/// Defines the commands and the function that each runs.
class CommandLine {
 public:
  explicit CommandLine(Options& options)
      : options_(options), app_("Chatvim: the chat is a plain markdown file.", "chatvim") {
    app_.set_version_flag("--version", [] {
      return fmt::format("chatvim {}\n{}\nbuilt with {}", CHATVIM_VERSION, http::library_version(),
                         CHATVIM_LIBRARIES);
    });
    app_.require_subcommand(1);
    add_complete();
    add_log();
    auto* messages_command =
        add("messages", "Read a document and print its messages as JSON", messages);
    add_input(*messages_command, options_);
    auto* request_command =
        add("request", "Print the request that complete would send, the key hidden", request);
    request_command->add_option("PROMPT", options_.prompt, "The question")->type_name("");
    add_input(*request_command, options_);
    add_settings(*request_command, options_);
    add_models();
    auto* providers_command = add("providers", "List the providers", providers);
    providers_command->add_flag("--json", options_.json, "Print JSON");
    add_tools_command();
    auto* lsp_command = add(
        "lsp", "Serve an editor as a language server over standard input and output", lsp_server);
    lsp_command->add_option("--log", options_.log_file, "Write a log to this file")
        ->type_name("FILE");
    // Clients of vscode-languageserver pass it; there is no other transport.
    lsp_command->add_flag("--stdio", options_.stdio, "Use standard input and output (the default)");
    auto* serve_command =
        add("serve", "Serve Neovim over standard input and output (the plugin starts this)", serve);
    serve_command->add_option("--log", options_.log_file, "Write a log to this file")
        ->type_name("FILE");
    serve_command
        ->add_option(
            "--keep-memory", options_.keep_memory,
            "Seconds without use until free memory is returned to the system (default: 60)")
        ->type_name("SECONDS");
    add_footers(app_);
  }

  int run(int argc, const char* const* argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      // The message repeats arguments, which may be file names with control characters.
      std::ostringstream complaint;
      const int code = app_.exit(error, std::cout, complaint);
      const std::string meant = suggestion(app_, {argv + 1, argv + argc});
      if (code != 0 && !meant.empty()) complaint << meant << "\n";
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
      options_.has_file = is_given("--file");
    }
    return chosen_ ? chosen_(options_) : kWrongUsage;
  }

 private:
  CLI::App* add(const char* name, const char* description, int (*command)(const Options&)) {
    auto* subcommand = app_.add_subcommand(name, description);
    subcommand->callback([this, command] { chosen_ = command; });
    return subcommand;
  }

  void add_complete() {
    auto* command = add("complete", "Answer PROMPT, a file, or a chat on standard input", complete);
    command->add_option("PROMPT", options_.prompt, "The question")->type_name("");
    add_input(*command, options_);
    add_settings(*command, options_);
    add_tools(*command, options_);
    command->add_flag("--continue", options_.continues, "Continue the last answer of the chat");
    command->add_flag("--write", options_.write, "Append the answer to the file, as in the editor");
    command->add_flag("--add-delimiters", options_.add_delimiters,
                      "Print the delimiters around the answer too");
    auto* chunk = command->add_flag("--chunk", options_.chunk,
                                    "Print one JSON object {\"chunk\": \"…\"} per line");
    command->add_flag("--json", options_.json, "Print one JSON object at the end")->excludes(chunk);
  }

  void add_models() {
    auto* command = add("models", "List models with context and price", models);
    command->add_option("PROVIDER", options_.name, "The provider (default: those that have a key)")
        ->type_name("");
    command->add_flag("--all", options_.all, "List the models of every provider");
    command->add_option("--remote", options_.remote, "Ask this provider for its models")
        ->type_name("PROVIDER");
    command->add_flag("--json", options_.json, "Print JSON");
  }

  void add_tools_command() {
    auto* command = add("tools", "List the tools that models may call, and what is allowed", tools);
    auto* start = command->add_option("--start", options_.name,
                                      "Start this server and read its list of tools");
    start->type_name("SERVER");
    command->add_option("--forget", options_.forgotten, "Forget what was allowed about this server")
        ->type_name("SERVER")
        ->excludes(start);
    command->add_flag("--json", options_.json, "Print JSON");
  }

  void add_log() {
    auto* command = add("log", "Add PROMPT and its answer to a file", log);
    command->add_option("PROMPT", options_.prompt, "The question (default: standard input)")
        ->type_name("");
    command->add_option("--file", options_.file, "The chat document (default: chat.md)")
        ->type_name("FILE");
    add_settings(*command, options_);
    add_tools(*command, options_);
  }

  Options& options_;
  CLI::App app_;
  std::function<int(const Options&)> chosen_;
};

}  // namespace

int run(int argc, const char* const* argv) {
  loop::open_standard_descriptors();
  loop::hide_memory();
  loop::ignore_broken_pipes();
  try {
    Options options;
    options.environment = read_environment;
    return CommandLine(options).run(argc, argv);
  } catch (const std::exception& error) {
    say(error.what());
    return 1;
  }
}

}  // namespace chatvim::cli
