// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace chatvim::text {

/// Returns the cells that a terminal uses for a character: 0 for marks that combine with the one
/// before and for control characters, 2 for East Asian wide characters and emoji, otherwise 1.
std::size_t cells_of(char32_t character);

/// Returns the cells that a line of text takes, the sum over its code points. An ill-formed
/// sequence counts as one.
std::size_t cells_of(std::string_view utf8);

}  // namespace chatvim::text
