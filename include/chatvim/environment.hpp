// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace chatvim {

/// Reads an environment variable; returns nullopt if it is unset. Tests provide their own.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

}  // namespace chatvim
