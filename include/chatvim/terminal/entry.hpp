// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chatvim::terminal {

/// Whether a text begins with `"""` and does not end with it yet: more lines are to come.
bool is_open_entry(std::string_view text);

/// Returns the text without the `"""` around it, and without white space at its ends.
std::string entry_text(std::string_view text);

}  // namespace chatvim::terminal
