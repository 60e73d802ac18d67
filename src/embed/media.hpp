// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace chatvim::embed {

/// The type of a file according to its first bytes.
struct Media {
  enum class Kind {
    kNone,     ///< not recognized
    kPicture,  ///< a format that models accept
    kPdf,
    kForeign  ///< a picture in a format that models do not accept
  };
  Kind kind = Kind::kNone;
  std::string_view name;        ///< such as "png"
  std::string_view media_type;  ///< such as "image/png"; empty for foreign pictures
  int width = 0;                ///< pixels; 0 if unknown
  int height = 0;
  bool broken = false;  ///< the header is truncated or gives an invalid size
};

/// Determines the type of a file from its bytes, which may be arbitrary.
Media sniff(std::string_view bytes);

}  // namespace chatvim::embed
