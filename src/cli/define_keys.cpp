// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "define.hpp"
#include "help.hpp"

namespace chatvim::cli {

namespace {

CLI::App& add_to(CLI::App& group, Definitions& definitions, const char* name,
                 const char* description, int (*function)(const Options&)) {
  auto* command = group.add_subcommand(name, description);
  command->callback([&definitions, function] { definitions.chosen = function; });
  return *command;
}

}  // namespace

void define_keys(Definitions& definitions) {
  Options& options = definitions.options;
  auto& keys = *definitions.app.add_subcommand("keys", "Store the providers' keys, or list them");
  keys.require_subcommand(1);
  auto& set = add_to(keys, definitions, "set", "Store a key, which is typed or piped in", keys_set);
  set.add_option("PROVIDER", options.name, "Whose key it is")->type_name("")->required();
  set.add_flag("--in-file", options.in_file,
               "Store it in a file that only you can read, not in the system's keyring");
  // A key among the arguments gets a better message than "not expected".
  set.allow_extras();
  set.parse_complete_callback([&options, &set] { options.has_extra = !set.remaining().empty(); });
  add_examples(set, R"(  chatvim keys set openai
  pass show openai | chatvim keys set openai)",
               kStoringCodes);
  add_to(keys, definitions, "list", "List where keys come from; no key is shown", keys_list)
      .add_flag("--json", options.json, "Print JSON");
  add_to(keys, definitions, "remove", "Remove a key that was stored with keys set", keys_remove)
      .add_option("PROVIDER", options.name, "Whose key it is")
      ->type_name("")
      ->required();
}

}  // namespace chatvim::cli
