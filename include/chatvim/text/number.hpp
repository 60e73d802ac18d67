// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace chatvim::text {

/// A whole number with a comma between each three digits, whatever the locale.
std::string with_commas(std::uint64_t number);

}  // namespace chatvim::text
