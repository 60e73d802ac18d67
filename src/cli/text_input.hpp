// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "chatvim/error.hpp"
#include "options.hpp"

namespace chatvim::cli {

/// Checks that there is text: FILE, or standard input that is not a terminal.
Result<void> check_text_input(const Options& options);

/// Waits for the next piece of standard input; nothing at its end.
std::optional<std::string> read_piece();

/// Reads the text that a filter works on: FILE, or all of standard input.
Result<std::string> read_text(const Options& options);

}  // namespace chatvim::cli
