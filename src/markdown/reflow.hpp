// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace chatvim::markdown {

/// How the lines of a paragraph are filled.
struct Fill {
  std::size_t first_width = 0;  ///< of the first line, in cells
  std::size_t width = 0;        ///< of the others
  /// Whether a line must not begin with this word.
  std::function<bool(std::string_view word)> is_unfit;
};

/// Whether the lines of a paragraph can be filled. It has no line break that counts inside of a tag
/// or of a link's target; no image, which alone on a line would embed something; no line after a
/// hard break that only its indentation keeps from being a block; and it does not begin with a tag
/// or a fence's backticks, which alone on a line would be a block.
bool can_reflow(std::string_view paragraph, const Fill& fill);

/// Returns the lines of a paragraph, which is given without the markers of its containers and the
/// white space at the beginnings of its lines. Breaks only between words, and keeps hard breaks.
std::vector<std::string> reflow(std::string_view paragraph, const Fill& fill);

}  // namespace chatvim::markdown
