// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "command_info.hpp"

namespace chatvim::cli {

/// Return a script for a shell that completes commands, options, models, providers and files.
std::string bash_completion(const CommandInfo& program);
std::string zsh_completion(const CommandInfo& program);
std::string fish_completion(const CommandInfo& program);

}  // namespace chatvim::cli
