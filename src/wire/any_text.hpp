// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chatvim/json/cursor.hpp"

namespace chatvim::wire {

/// Reads a value and appends its text, in any shape that servers give a text: a string, an object
/// that has it as `text`, `content` or `value`, or a list of these. Any other value has none.
void append_text(json::JsonCursor& json, std::string& out);

/// Appends a piece of text, or takes it over if nothing is there yet.
void append_to(std::string& all, std::string& piece);

}  // namespace chatvim::wire
