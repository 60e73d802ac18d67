// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace chatvim::text {

/// `~` and `~/…` with the home folder put in its place; as it is where there is none.
std::string expand_home(std::string_view path, const std::optional<std::string>& home);

}  // namespace chatvim::text
