// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace chatvim::text {

/// True where the name of a variable or of a field says that it holds a secret, in letters of
/// either case. It is careful: "MONKEY" is such a name too.
bool names_secret(std::string_view name);
/// The same for the name of a header field, of which a request has many without a secret: only
/// whole words count, and "x-portkey-provider" has none.
bool header_holds_secret(std::string_view name);

}  // namespace chatvim::text
