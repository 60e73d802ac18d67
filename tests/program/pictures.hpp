// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chatvim::testing {

// Complete pictures and a PDF, as small as possible.

/// Returns a black picture with eight pixels per byte; at most 65,000 bytes of pixels.
std::string png(int width, int height);
/// Returns a picture of 1 by 1 pixel.
std::string gif();
/// Returns a picture of 1 by 1 pixel.
std::string jpeg();
/// Returns a picture of 1 by 1 pixel.
std::string webp();
/// Returns a document without pages.
std::string pdf();

/// Encodes bytes in base64, independently of the program's encoder.
std::string encode_base64(std::string_view bytes);

}  // namespace chatvim::testing
