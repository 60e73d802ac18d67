// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chatvim::document {

/// Returns the white space between a text and a delimiter line, from the setting. Characters after
/// the last line break are dropped because they would move the delimiter, or the text below it, out
/// of column 1. A setting without a line break counts as one line break.
std::string whole_lines(std::string_view setting);

/// Like `whole_lines`, but also drops what precedes the first line break, which would become part
/// of the text above.
std::string whole_lines_below(std::string_view setting);

/// Returns the part of `wanted` that `present` does not already provide, counted in line breaks.
std::string missing(std::string_view wanted, std::string_view present);

}  // namespace chatvim::document
