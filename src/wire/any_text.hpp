// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chatvim/json/cursor.hpp"

namespace chatvim::wire {

/// Reads a value and appends its text, in any shape that servers use for text: a string, an object
/// with a member `text`, `content` or `value`, or a list of these. Any other value is skipped.
void append_text(json::JsonCursor& json, std::string& out);

/// Appends `piece` to `all`. If `all` is empty, swaps the two instead of copying.
void append_to(std::string& all, std::string& piece);

}  // namespace chatvim::wire
