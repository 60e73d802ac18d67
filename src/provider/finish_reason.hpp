// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "json_cursor.hpp"

namespace chatvim::provider {

/// Reads a finish reason: a string, or the first string that a list, or `type` or `reason` of an
/// object, has. `out` stays as it is if there is none.
void read_reason(JsonCursor& json, std::string& out);

}  // namespace chatvim::provider
