// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chatvim::text {

/// Returns the SHA-256 (FIPS 180-4) of some bytes as 64 hexadecimal digits.
std::string sha256(std::string_view bytes);

}  // namespace chatvim::text
