// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace chatvim {

/// JSON that keeps the user's order of keys, so that two runs build the same bytes.
using Json = nlohmann::ordered_json;

}  // namespace chatvim
