// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chatvim::standin {

// Whether the bytes are valid UTF-8 (RFC 3629).
bool is_utf8(std::string_view bytes);
// Cuts UTF-8 text into pieces of `characters` characters each; the last may be shorter.
std::vector<std::string> split_characters(std::string_view text, std::size_t characters);

std::string base64_encode(std::string_view bytes);
// Decodes base64 (RFC 4648, with padding, without line breaks).
std::optional<std::string> base64_decode(std::string_view text);

// Whether two ASCII texts are equal, ignoring case.
bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace chatvim::standin
