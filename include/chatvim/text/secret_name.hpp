// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace chatvim::text {

/// True where the name of a variable or of a header field says that it holds a secret, in letters
/// of either case.
bool names_secret(std::string_view name);

}  // namespace chatvim::text
