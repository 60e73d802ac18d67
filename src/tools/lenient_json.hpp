// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "chatvim/json.hpp"

namespace chatvim::tools {

/// Parses JSON in which comments and trailing commas are allowed, as in the files of VS Code. An
/// error is the place, such as "line 3".
tl::expected<Json, std::string> parse_lenient(std::string_view text);

}  // namespace chatvim::tools
