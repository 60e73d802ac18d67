// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace chatvim::text {

/// Returns a whole number with a comma every three digits, whatever the locale.
std::string with_commas(std::uint64_t number);

}  // namespace chatvim::text
