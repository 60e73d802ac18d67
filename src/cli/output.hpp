// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "chatvim/error.hpp"

namespace chatvim::cli {

/// Writes to standard output, waiting as long as it takes; what would command a terminal is shown
/// there in place of being obeyed. An error where that is impossible, such
/// as on a full disk; its message is empty when the reader of a pipe has gone.
Result<void> write_out(std::string_view text);

/// Whether standard output can be written to at all.
Result<void> check_output();

/// Reports something on standard error, in one line in which nothing commands a terminal.
void say(std::string_view message);
/// Writes text to standard error as it is.
void say_lines(std::string_view text);

/// Says the error on standard error, if it has words, and returns its exit code.
int report(const Error& error);

}  // namespace chatvim::cli
