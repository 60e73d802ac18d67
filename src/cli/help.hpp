// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <span>
#include <string>

namespace chatvim::cli {

/// Adds examples and exit codes to the end of `--help` of the program and its commands.
void add_footers(CLI::App& app);

/// Suggests, as a sentence, the command or option that the first unknown argument was probably
/// meant to be; empty if none is similar.
std::string suggestion(const CLI::App& app, std::span<const char* const> arguments);

}  // namespace chatvim::cli
