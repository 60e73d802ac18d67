// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "chatvim/environment.hpp"

namespace chatvim::tools {

/// Returns a text with `${VAR}`, `${VAR:-default}` and `${env:VAR}` replaced by the values of
/// environment variables. An error is the rest of a sentence that begins with the server's name; it
/// never holds a value.
tl::expected<std::string, std::string> expand_variables(std::string_view text,
                                                        const Environment& environment);

}  // namespace chatvim::tools
