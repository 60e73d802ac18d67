// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <span>
#include <string>

namespace chatvim::cli {

/// Gives the program and its commands examples and exit codes, shown at the end of `--help`.
void add_footers(CLI::App& app);

/// The command or option that was probably meant by the first of the arguments that is neither, as
/// a sentence; empty if nothing is near.
std::string suggestion(const CLI::App& app, std::span<const char* const> arguments);

}  // namespace chatvim::cli
