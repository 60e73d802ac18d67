// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace chatvim::patch {

/// A closed fenced code block. Lines count from 0 in the text it was read from.
struct Fenced {
  std::size_t first = 0;  ///< its opening fence
  std::size_t last = 0;   ///< the line after its closing fence
  std::string_view info;  ///< trimmed
  std::string text;       ///< its lines, without the fence's indentation, joined with `\n`
};

/// Returns the fenced code blocks of a text, in order (CommonMark 0.31, section 4.5, at the top
/// level). One that is not closed is left out: it was cut off.
std::vector<Fenced> find_fenced(const std::vector<std::string_view>& lines);

}  // namespace chatvim::patch
