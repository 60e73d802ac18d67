// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace chatvim::text {

/// Expands a leading `~` or `~/` to the home folder; returns the path unchanged if `home` is unset.
std::string expand_home(std::string_view path, const std::optional<std::string>& home);

}  // namespace chatvim::text
