// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chatvim/json/cursor.hpp"

namespace chatvim::wire {

/// Reads a finish reason: a string, or the first string that a list, or `type` or `reason` of an
/// object, has. `out` stays as it is if there is none.
void read_reason(json::JsonCursor& json, std::string& out);

}  // namespace chatvim::wire
