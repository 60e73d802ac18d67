// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace chatvim::text {

/// Returns a time as UTC (RFC 3339): "2026-11-29T18:20:05Z". `seconds` counts from 1970; a year
/// that does not have four digits gives "".
std::string utc_time(std::int64_t seconds);

}  // namespace chatvim::text
