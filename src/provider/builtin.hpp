// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chatvim/provider/table.hpp"

namespace chatvim::provider {

/// Returns the built-in rows, adjusted by the environment.
Table builtin_rows(const Environment& environment);

/// Clears what is known only of the provider's own servers, because the user has set an address: a
/// proxy or a local server often has Chat Completions alone.
void forget_own_servers(Provider& provider);

}  // namespace chatvim::provider
