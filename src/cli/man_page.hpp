// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chatvim/provider/table.hpp"
#include "command_info.hpp"

namespace chatvim::cli {

/// Returns the manual page chatvim(1), in the language of man(7): every command with its options,
/// the exit codes, the variables with the keys of `table`, and the files.
std::string man_page(const CommandInfo& program, const provider::Table& table);

}  // namespace chatvim::cli
