// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chatvim/toolbox/question.hpp"
#include "repl_input.hpp"

namespace chatvim::cli {

/// Returns who asks the user on the terminal what a tool needs. A decision is a typed word;
/// anything else asks again. CTRL-C ends the answer. `input` must outlive it.
toolbox::Asker ask_on(ReplInput& input);

}  // namespace chatvim::cli
