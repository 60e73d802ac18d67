// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace chatvim::text {

/// Whether the name of a variable or field suggests that it holds a secret, in any case. Errs on
/// the safe side: "MONKEY" matches too.
bool names_secret(std::string_view name);
/// The same for the name of a header. Since requests have many harmless headers, only whole words
/// count: "x-portkey-provider" does not match.
bool header_holds_secret(std::string_view name);

}  // namespace chatvim::text
