// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chatvim/provider/table.hpp"

namespace chatvim::provider {

/// The rows that Chatvim comes with, as the environment changes them.
Table builtin_rows(const Environment& environment);

}  // namespace chatvim::provider
