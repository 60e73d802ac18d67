// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "command_info.hpp"
#include "completion.hpp"
#include "define.hpp"
#include "help.hpp"
#include "man_page.hpp"
#include "output.hpp"
#include "table.hpp"

namespace chatvim::cli {

namespace {

int print_completion(const CLI::App& app, const Options& options) {
  const CommandInfo program = describe_command(app);
  if (options.name == "bash") return print(bash_completion(program));
  if (options.name == "zsh") return print(zsh_completion(program));
  return print(fish_completion(program));
}

/// Prints the page for everybody: nothing in it is from this user's environment.
int print_man_page(const CLI::App& app) {
  const auto table =
      provider::make_table(Json::object(), [](std::string_view) { return std::nullopt; });
  if (!table) return report(table.error());
  return print(man_page(describe_command(app), *table));
}

}  // namespace

void define_scripts(Definitions& definitions) {
  auto* completion =
      definitions.app.add_subcommand("completion", "Print a script that completes in a shell");
  completion->add_option("SHELL", definitions.options.name, "The shell")
      ->type_name("")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->required();
  completion->callback([&definitions] {
    definitions.chosen = [&app = definitions.app](const Options& options) {
      return print_completion(app, options);
    };
  });
  add_examples(*completion, R"(  source <(chatvim completion bash)
  chatvim completion zsh > ~/.zfunc/_chatvim
  chatvim completion fish > ~/.config/fish/completions/chatvim.fish)",
               kPrintingCodes);
  auto* man = definitions.app.add_subcommand("man", "Print the manual page");
  man->callback([&definitions] {
    definitions.chosen = [&app = definitions.app](const Options&) { return print_man_page(app); };
  });
  add_examples(*man, "  man <(chatvim man)", kPrintingCodes);
}

}  // namespace chatvim::cli
