// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chatvim::standin {

// How the end of a reply's body is marked.
enum class Framing {
  kChunked,  // Transfer-Encoding: chunked
  kClose,    // no length; the end of the connection is the end of the body
  kLength,   // Content-Length
  kRaw,      // no head is sent; the script writes every byte itself
};

// The last chunk of a chunked body.
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

// Appends `data` to `out` as a part of a body with that framing.
void append_framed(Framing framing, std::string_view data, std::string& out);

}  // namespace chatvim::standin
