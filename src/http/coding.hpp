// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chatvim/http/client.hpp"

namespace chatvim::http {

/// Whether the body that follows these headers is compressed.
bool is_compressed(const Headers& headers);

/// Returns why the body that follows these headers cannot be decoded, as the rest of a sentence.
/// Returns "" if it is uncompressed, or compressed once with gzip or deflate. We request no
/// compression. A body that is compressed twice may expand a million times, and so may Brotli and
/// zstd.
std::string coding_problem(const Headers& headers);

}  // namespace chatvim::http
