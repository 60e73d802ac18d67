// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace chatvim::text {

/// Returns the number of edits between two words, ignoring ASCII case. An edit inserts, deletes or
/// replaces a byte, or swaps two adjacent ones (Damerau-Levenshtein, optimal string alignment).
/// Takes time proportional to the product of the lengths, which callers must limit.
std::size_t count_edits(std::string_view a, std::string_view b);

}  // namespace chatvim::text
