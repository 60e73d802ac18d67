// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chatvim::testing {

// Whole pictures and a PDF, as small as they can be.

/// A black picture; at most 65,000 bytes of pixels, eight of which are one.
std::string png(int width, int height);
/// 1 by 1 pixel.
std::string gif();
/// 1 by 1 pixel.
std::string jpeg();
/// 1 by 1 pixel.
std::string webp();
/// A document without a page.
std::string pdf();

/// Bytes in base64, written apart from the program's encoder.
std::string encode_base64(std::string_view bytes);

}  // namespace chatvim::testing
