// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "define.hpp"
#include "help.hpp"

namespace chatvim::cli {

namespace {

void define_models(Definitions& definitions) {
  Options& options = definitions.options;
  auto& command = definitions.add("models", "List models with context and price", models);
  command
      .add_option(
          "PROVIDER", options.name,
          "The provider (default: those that have a key, or need none and are in config.md)")
      ->type_name("");
  command.add_flag("--all", options.all, "List the models of every provider");
  command.add_option("--remote", options.remote, "Ask this provider for its models")
      ->type_name("PROVIDER");
  auto* names = command.add_flag("--names", options.names,
                                 "Print names alone, as PROVIDER/NAME, one per line");
  command.add_flag("--json", options.json, "Print JSON")->excludes(names);
  add_examples(command, R"(  chatvim models
  chatvim models anthropic
  chatvim models --remote ollama
  chatvim models --names | fzf)",
               kAskingCodes);
}

void define_tools(Definitions& definitions) {
  Options& options = definitions.options;
  auto& command =
      definitions.add("tools", "List the tools that models may call, and what is allowed", tools);
  auto* start =
      command.add_option("--start", options.name, "Start this server and read its list of tools");
  start->type_name("SERVER");
  command.add_option("--forget", options.forgotten, "Forget what was allowed about this server")
      ->type_name("SERVER")
      ->excludes(start);
  command.add_flag("--json", options.json, "Print JSON");
  add_examples(command, R"(  chatvim tools
  chatvim tools --start github
  chatvim complete --set 'tools=["files"]' "What does src/main.c do?"
  chatvim complete --set 'tools=["github"]' --allow-tool 'github.search_*' "…")",
               kAskingCodes);
}

}  // namespace

void define_lists(Definitions& definitions) {
  define_models(definitions);
  auto& list = definitions.add("providers", "List the providers", providers);
  auto* names =
      list.add_flag("--names", definitions.options.names, "Print names alone, one per line");
  list.add_flag("--json", definitions.options.json, "Print JSON")->excludes(names);
  define_tools(definitions);
}

}  // namespace chatvim::cli
