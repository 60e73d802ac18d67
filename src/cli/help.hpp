// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "exit_codes.hpp"

namespace chatvim::cli {

/// Limit of a user's word that a message repeats, in bytes.
inline constexpr std::size_t kMostWordBytes = 60;

/// Adds examples and exit codes to the end of the program's `--help`.
void add_overview(CLI::App& app);
/// Adds examples (lines, indented by two spaces) and the command's exit codes to the end of its.
void add_examples(CLI::App& command, std::string_view examples,
                  std::span<const ExitCode> codes = kExitCodes);

/// Suggests, as a sentence, the command or option that the first unknown argument was probably
/// meant to be; empty if none is similar.
std::string suggestion(const CLI::App& app, std::span<const char* const> arguments);

}  // namespace chatvim::cli
