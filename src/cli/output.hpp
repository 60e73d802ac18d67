// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "chatvim/environment.hpp"
#include "chatvim/error.hpp"

namespace chatvim::cli {

/// Writes to standard output and waits until that is done. On a terminal, control sequences are
/// escaped. Fails if the text cannot be written, for example because the disk is full; the error's
/// message is empty if the reader of a pipe has gone.
Result<void> write_out(std::string_view text);

/// The same, but text that has been made harmless already, and has sequences of ours, is not
/// escaped.
Result<void> write_out_colored(std::string_view text);

/// Whether to color what goes to standard output: `choice` is "always", "never" or "auto". The
/// latter means: on a terminal, unless $NO_COLOR is set (https://no-color.org) or $TERM is "dumb".
bool wants_color(std::string_view choice, const Environment& environment);

/// Checks that standard output is open for writing.
Result<void> check_output();

/// Prints a message on standard error, on one line and without control sequences.
void say(std::string_view message);
/// Writes text to standard error unchanged.
void say_lines(std::string_view text);

/// Prints the error on standard error unless its message is empty, and returns its exit code.
int report(const Error& error);

}  // namespace chatvim::cli
