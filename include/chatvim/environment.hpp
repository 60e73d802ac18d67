// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace chatvim {

/// Reads a variable of the environment; nullopt if it is not set. Tests pass their own.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

}  // namespace chatvim
