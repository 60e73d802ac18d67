// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "chatvim/document/message.hpp"

namespace chatvim::wire {

/// Returns the size of `bytes` bytes in base64 (RFC 4648, section 4, with padding).
constexpr std::size_t base64_size(std::size_t bytes) { return (bytes + 2) / 3 * 4; }

/// Appends the bytes in base64.
void append_base64(std::string& out, std::string_view bytes);

/// Returns the bytes that a text holds in base64 (padding may be missing), or nothing if it holds
/// anything else.
std::optional<std::string> decode_base64(std::string_view text);

/// Returns the bytes of a picture or PDF; empty if the part is a URL.
std::string_view bytes_of(const document::Part& part);

/// Appends a JSON string: a `data:` URL (RFC 2397), or the part's own URL if it has one.
/// `describes` writes the size in place of the data.
void append_data_url(std::string& out, const document::Part& part, bool describes);

/// Appends the data as a JSON string; `describes` writes its type and size instead.
void append_data(std::string& out, const document::Part& part, bool describes);

/// Returns the file name to send: without its folders, never empty.
std::string_view file_name_of(const document::Part& part);

}  // namespace chatvim::wire
