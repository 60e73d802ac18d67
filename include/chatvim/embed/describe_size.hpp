// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace chatvim::embed {

/// Formats a size for display: "3 bytes", "1.5 KiB", "32 MiB".
std::string describe_size(std::uint64_t bytes);

}  // namespace chatvim::embed
