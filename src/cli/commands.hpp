// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"

// The commands of the program. Each returns the exit code and reports errors on standard error.
namespace chatvim::cli {

/// Answers a prompt, a file or standard input.
int complete(const Options& options);
/// Adds a prompt and its answer to a file.
int log(const Options& options);
/// Asks question after question in a chat file.
int repl(const Options& options);
/// Colors markdown from a file or standard input while it arrives.
int color(const Options& options);
/// Wraps the prose of a markdown document again.
int format(const Options& options);
/// Prints the settings, messages and diagnostics of a document as JSON.
int messages(const Options& options);
/// Prints the request that `complete` would send, with the key hidden.
int request(const Options& options);
/// Lists models: those in Chatvim's data, or those that a provider reports.
int models(const Options& options);
/// Lists the providers.
int providers(const Options& options);
/// Reads a provider's key from the terminal or a pipe and stores it.
int keys_set(const Options& options);
/// Lists where the providers' keys come from.
int keys_list(const Options& options);
/// Removes a stored key.
int keys_remove(const Options& options);
/// Lists the tools that models may call, and what the user has allowed.
int tools(const Options& options);
/// Serves an editor as a language server on standard input and output until it says `exit`.
int lsp_server(const Options& options);
/// Serves Neovim on standard input and output until the input closes.
int serve(const Options& options);

}  // namespace chatvim::cli
