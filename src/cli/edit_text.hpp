// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chatvim/environment.hpp"
#include "chatvim/error.hpp"
#include "repl_input.hpp"

namespace chatvim::cli {

/// Lets the user write a text in $VISUAL or $EDITOR (else vi), in a temporary file that only the
/// user can read and that is removed afterwards. Fails if the editor does, or if the text is not
/// UTF-8; the file is kept then, and named, unless it is empty.
Result<std::string> edit_text(const Environment& environment, ReplInput& input);

/// Returns the command of the user's editor, which may have arguments.
std::string editor_command(const Environment& environment);

}  // namespace chatvim::cli
