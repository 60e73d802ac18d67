// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chatvim/provider/table.hpp"

namespace chatvim::provider {

/// Returns the built-in rows, adjusted by the environment.
Table builtin_rows(const Environment& environment);

}  // namespace chatvim::provider
