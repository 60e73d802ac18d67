// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "define.hpp"
#include "help.hpp"

namespace chatvim::cli {

namespace {

void define_models(Definitions& definitions) {
  Options& options = definitions.options;
  auto& command = definitions.add("models", "List models with context and price", models);
  command.add_option("PROVIDER", options.name, "The provider (default: those that have a key)")
      ->type_name("");
  command.add_flag("--all", options.all, "List the models of every provider");
  command.add_option("--remote", options.remote, "Ask this provider for its models")
      ->type_name("PROVIDER");
  command.add_flag("--json", options.json, "Print JSON");
  add_examples(command, R"(  chatvim models
  chatvim models anthropic
  chatvim models --remote ollama)");
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
  chatvim complete --set 'tools=["github"]' --allow-tool 'github.search_*' "…")");
}

}  // namespace

void define_lists(Definitions& definitions) {
  define_models(definitions);
  definitions.add("providers", "List the providers", providers)
      .add_flag("--json", definitions.options.json, "Print JSON");
  define_tools(definitions);
}

}  // namespace chatvim::cli
