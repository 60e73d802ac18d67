// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "chatvim/document/message.hpp"

namespace chatvim::wire {

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
