// SPDX-License-Identifier: Apache-2.0
#include "define.hpp"

namespace chatvim::cli {

CLI::App& Definitions::add(const char* name, const char* description,
                           int (*function)(const Options&)) {
  auto* command = app.add_subcommand(name, description);
  command->callback([this, function] { chosen = function; });
  return *command;
}

}  // namespace chatvim::cli
