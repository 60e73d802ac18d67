// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chatvim::provider {

/// Returns a path without the slashes at its end.
std::string_view trim_slashes(std::string_view path);

/// Removes trailing slashes and a fragment from an address. Returns what is wrong with it, or "" if
/// it is valid; `source` is the setting or variable that it came from.
std::string tidy_address(std::string& address, std::string_view source);

}  // namespace chatvim::provider
