// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chatvim::standin {

// Whether the bytes are UTF-8 as RFC 3629 has it.
bool is_utf8(std::string_view bytes);
// Cuts UTF-8 text into pieces of `characters` characters each; the last may be shorter.
std::vector<std::string> split_characters(std::string_view text, std::size_t characters);

std::string base64_encode(std::string_view bytes);
// The bytes that a base64 text (RFC 4648, with padding, no line breaks) stands for.
std::optional<std::string> base64_decode(std::string_view text);

// Whether two ASCII texts are equal when case is ignored.
bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace chatvim::standin
