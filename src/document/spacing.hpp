// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chatvim::document {

/// The white space between a text and a delimiter line, from the setting. It is cut to whole lines:
/// anything after the last line break would move the delimiter, or the text below it, from
/// column 1. One without a line break counts as one.
std::string whole_lines(std::string_view setting);

/// Like `whole_lines`, and without what stands before the first line break: it would become part of
/// the text above.
std::string whole_lines_below(std::string_view setting);

/// What of `wanted` is still to be written where `present` stands already, counted in line breaks.
std::string missing(std::string_view wanted, std::string_view present);

}  // namespace chatvim::document
