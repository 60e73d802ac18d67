// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>

namespace chatvim::mcp {

/// Most bytes of one message.
inline constexpr std::size_t kMostMessage = 16 * 1024 * 1024;
/// Most bytes kept of one string in a message, and most bytes outside its strings.
inline constexpr std::size_t kMostString = 256 * 1024;
inline constexpr std::size_t kMostSyntax = 2 * 1024 * 1024;
/// Most messages in one batch.
inline constexpr std::size_t kMostInBatch = 1000;
/// Most bytes of the text of a result.
inline constexpr std::size_t kMostResult = 1024 * 1024;
/// Limits of a list of tools.
inline constexpr int kMostPages = 100;
inline constexpr std::size_t kMostTools = 512;
inline constexpr std::size_t kMostListBytes = 4 * 1024 * 1024;

/// How long a server may take to say which kind it is.
inline constexpr std::chrono::seconds kProbeTime{10};
/// How long a server may at least take for its start, which may download it first.
inline constexpr std::chrono::seconds kStartTime{60};
/// The longest call, however much progress it makes.
inline constexpr std::chrono::minutes kLongestCall{10};

}  // namespace chatvim::mcp
