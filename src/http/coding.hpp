// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chatvim/http/client.hpp"

namespace chatvim::http {

/// True if the body that follows these header fields is compressed.
bool is_compressed(const Headers& headers);

/// Why the body that follows these header fields is not decoded, as the rest of a sentence; empty:
/// it is plain, or compressed once with gzip or deflate. None was asked for. What is compressed
/// twice may be a million times as large as what was sent, and so may Brotli's and zstd's.
std::string coding_problem(const Headers& headers);

}  // namespace chatvim::http
