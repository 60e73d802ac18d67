// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "chatvim/document/message.hpp"

namespace chatvim::wire {

/// The size of as many bytes in base64 (RFC 4648, section 4, with padding).
constexpr std::size_t base64_size(std::size_t bytes) { return (bytes + 2) / 3 * 4; }

/// Appends the bytes in base64.
void append_base64(std::string& out, std::string_view bytes);

/// The bytes of a picture or PDF; none where it is at an address.
std::string_view bytes_of(const document::Part& part);

/// Appends a JSON string: a `data:` URL (RFC 2397), or the address of what is at one. `describes`:
/// with the size in place of the data.
void append_data_url(std::string& out, const document::Part& part, bool describes);

/// Appends the data as a JSON string; `describes`: its type and size in place of it.
void append_data(std::string& out, const document::Part& part, bool describes);

/// The name of a file as it is sent: without its folders, never empty.
std::string_view file_name_of(const document::Part& part);

}  // namespace chatvim::wire
