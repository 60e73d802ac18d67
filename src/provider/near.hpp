// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chatvim/provider/table.hpp"

namespace chatvim::provider {

/// Returns names of providers that may have been meant, at most five, the most similar first.
std::vector<std::string> near_providers(const Table& table, std::string_view name);

/// Returns models that may have been meant, as "MODEL (PROVIDER)", at most five, the most similar
/// first.
std::vector<std::string> near_models(const Table& table, std::string_view model);

}  // namespace chatvim::provider
