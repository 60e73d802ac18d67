// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace chatvim::settings {

/// Whether at most two edits turn `a` into `b`, ignoring ASCII case. An edit inserts, deletes or
/// replaces a byte, or swaps two adjacent ones (Damerau-Levenshtein, optimal string alignment).
bool is_near(std::string_view a, std::string_view b);

/// Returns the number of edits as above; 3 for more than two or if `b` is longer than 40 bytes.
int near_distance(std::string_view a, std::string_view b);

}  // namespace chatvim::settings
