// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace chatvim::embed {

/// What the first bytes of a file say that it is.
struct Media {
  enum class Kind {
    kNone,     ///< nothing that is known here
    kPicture,  ///< one that models take
    kPdf,
    kForeign  ///< a picture that models do not take
  };
  Kind kind = Kind::kNone;
  std::string_view name;        ///< such as "png"
  std::string_view media_type;  ///< such as "image/png"; of pictures that models take, and PDF
  int width = 0;                ///< pixels; 0: not known
  int height = 0;
  bool broken = false;  ///< the header ends early, or says that the picture has no size
};

/// Looks at the bytes of a file; any bytes will do.
Media sniff(std::string_view bytes);

}  // namespace chatvim::embed
