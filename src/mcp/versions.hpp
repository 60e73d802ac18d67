// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace chatvim::mcp {

/// The protocol versions that we speak, newest first: those without a handshake, and those with.
inline constexpr std::array<std::string_view, 1> kModernVersions{"2026-07-28"};
inline constexpr std::array<std::string_view, 4> kLegacyVersions{"2025-11-25", "2025-06-18",
                                                                 "2025-03-26", "2024-11-05"};

/// Returns the newest of our versions that the server speaks too, or "".
template <std::size_t N>
std::string_view common_version(const std::array<std::string_view, N>& ours,
                                const std::vector<std::string>& theirs) {
  const auto found = std::find_if(ours.begin(), ours.end(), [&theirs](std::string_view version) {
    return std::find(theirs.begin(), theirs.end(), version) != theirs.end();
  });
  return found == ours.end() ? std::string_view() : *found;
}

/// Error codes of JSON-RPC 2.0 and of MCP (2026-07-28, "Error Codes").
inline constexpr int kMethodNotFound = -32601;
inline constexpr int kHeaderMismatch = -32020;
inline constexpr int kMissingCapability = -32021;
inline constexpr int kUnsupportedVersion = -32022;

}  // namespace chatvim::mcp
