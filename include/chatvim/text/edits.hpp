// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace chatvim::text {

/// Edits from one word to the other, the capitals of ASCII aside. An edit puts in, takes out or
/// changes a byte, or exchanges two neighbours (Damerau-Levenshtein, optimal string alignment). The
/// time is the product of the lengths: callers bound them.
std::size_t count_edits(std::string_view a, std::string_view b);

}  // namespace chatvim::text
