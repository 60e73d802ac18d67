// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chatvim/json/cursor.hpp"

namespace chatvim::wire {

/// Reads a finish reason: a string, or the first string in a list, or the member `type`, `reason`
/// or `finish_reason` of an object. Leaves `out` unchanged if there is none.
void read_reason(json::JsonCursor& json, std::string& out);

}  // namespace chatvim::wire
