// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace chatvim::settings {

/// True when at most two edits make `a` and `b` the same, capitals aside. An edit adds, removes or
/// replaces a byte or swaps two neighbours (Damerau-Levenshtein, optimal string alignment).
bool is_near(std::string_view a, std::string_view b);

/// Edits as above, or 3 for more than two and for names of more than 40 bytes.
int near_distance(std::string_view a, std::string_view b);

}  // namespace chatvim::settings
