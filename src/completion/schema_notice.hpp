// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "chatvim/error.hpp"
#include "chatvim/schema/schema.hpp"

namespace chatvim::completion {

/// Returns the notice for an answer that does not fit its schema; nothing if it fits.
std::optional<Error> schema_notice(const schema::Schema& schema, std::string_view answer);

}  // namespace chatvim::completion
