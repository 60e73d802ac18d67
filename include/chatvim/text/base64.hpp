// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// Base64 (RFC 4648, section 4), with padding and without line breaks.
namespace chatvim::text {

/// Returns the size of `bytes` bytes in base64.
constexpr std::size_t base64_size(std::size_t bytes) { return (bytes + 2) / 3 * 4; }
/// Appends bytes in base64.
void append_base64(std::string& out, std::string_view bytes);
std::string base64(std::string_view bytes);
/// Decodes base64; nothing if it has other characters or a wrong length.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace chatvim::text
