// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "define.hpp"
#include "help.hpp"

namespace chatvim::cli {

namespace {

constexpr std::size_t kMostWidth = 10000;

CLI::Option& add_file(CLI::App& command, Options& options) {
  return *command.add_option("FILE", options.file, "The document (default: standard input)")
              ->type_name("");
}

void define_color(Definitions& definitions) {
  Options& options = definitions.options;
  auto& command = definitions.add("color", "Color markdown while it arrives", color);
  add_file(command, options);
  command
      .add_option("--color", options.color,
                  "When to color: auto (on a terminal), always, never (default: auto)")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  add_examples(command, R"(  chatvim complete "Hello" | chatvim color
  chatvim color chat.md
  chatvim color --color always chat.md | less -R)",
               kPrintingCodes);
}

void define_format(Definitions& definitions) {
  Options& options = definitions.options;
  auto& command = definitions.add("format", "Wrap the prose of a markdown document", format);
  add_file(command, options);
  command.add_option("--width", options.width, "Cells of a line (default: 80)")
      ->type_name("CELLS")
      ->check(CLI::Range(std::size_t{1}, kMostWidth));
  command.add_flag("--write", options.write, "Change FILE in place of printing");
  add_examples(command, R"(  chatvim format < chat.md
  chatvim format --width 100 --write chat.md
Code, tables, front matter, delimiters and calls of tools stay as they are.)",
               kPrintingCodes);
}

}  // namespace

void define_texts(Definitions& definitions) {
  define_color(definitions);
  define_format(definitions);
}

}  // namespace chatvim::cli
