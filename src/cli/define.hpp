// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "options.hpp"

// The table of commands: each is defined once, with its options and examples, in the file of its
// group. Parsing, `--help` and everything else that lists commands read these definitions.
namespace chatvim::cli {

/// Where commands are defined: the parser, the options that it fills, and the function that the
/// command line has chosen.
struct Definitions {
  CLI::App& app;
  Options& options;
  std::function<int(const Options&)> chosen = nullptr;

  Definitions(CLI::App& parser, Options& filled) : app(parser), options(filled) {}
  Definitions(const Definitions&) = delete;
  Definitions& operator=(const Definitions&) = delete;

  /// Adds a command that runs `function`.
  CLI::App& add(const char* name, const char* description, int (*function)(const Options&));
};

/// Each adds the commands of a group, in the order of `--help`.
void define_chats(Definitions& definitions);    ///< answers and what is read from a chat
void define_texts(Definitions& definitions);    ///< filters for markdown
void define_lists(Definitions& definitions);    ///< models, providers, tools
void define_keys(Definitions& definitions);     ///< the group `keys`
void define_servers(Definitions& definitions);  ///< what editors start
void define_scripts(Definitions& definitions);  ///< completion and the manual page, from the others

}  // namespace chatvim::cli
