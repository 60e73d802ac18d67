// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace chatvim::cli {

/// A command of `repl`: a line that begins with a dot and a word.
enum class ReplCommand { kEdit, kExit, kFile, kHelp, kModel, kRetry, kSet };

/// A command with what follows its name.
struct ReplLine {
  ReplCommand command;
  std::string argument;  ///< without white space at its ends
};

/// Whether the text is a command, known or not: one line that begins with a dot and a letter.
bool is_repl_command(std::string_view text);

/// Reads a command; nothing if its name is unknown.
std::optional<ReplLine> read_repl_command(std::string_view text);

/// Returns a sentence about an unknown command, with a similar one if there is any.
std::string unknown_repl_command(std::string_view text);

/// Returns what `.help` prints.
std::string repl_help();

}  // namespace chatvim::cli
