// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "define.hpp"

namespace chatvim::cli {

namespace {

void add_log_file(CLI::App& command, Options& options) {
  command.add_option("--log", options.log_file, "Write a log to this file")->type_name("FILE");
}

}  // namespace

void define_servers(Definitions& definitions) {
  Options& options = definitions.options;
  auto& lsp = definitions.add(
      "lsp", "Serve an editor as a language server over standard input and output", lsp_server);
  add_log_file(lsp, options);
  // Clients of vscode-languageserver pass it; there is no other transport.
  lsp.add_flag("--stdio", options.stdio, "Use standard input and output (the default)");
  auto& service = definitions.add(
      "serve", "Serve Neovim over standard input and output (the plugin starts this)", serve);
  add_log_file(service, options);
  service
      .add_option("--keep-memory", options.keep_memory,
                  "Seconds without use until free memory is returned to the system (default: 60)")
      ->type_name("SECONDS");
}

}  // namespace chatvim::cli
