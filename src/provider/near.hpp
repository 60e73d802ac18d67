// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chatvim/provider/table.hpp"

namespace chatvim::provider {

/// Names of providers that may have been meant, the nearest first, five at most.
std::vector<std::string> near_providers(const Table& table, std::string_view name);

/// Models that may have been meant, as "MODEL (PROVIDER)", the nearest first, five at most.
std::vector<std::string> near_models(const Table& table, std::string_view model);

}  // namespace chatvim::provider
