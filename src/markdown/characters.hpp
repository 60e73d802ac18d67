// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace chatvim::markdown {

/// Columns of white space that make a line code.
inline constexpr std::size_t kCodeColumns = 4;

/// Whether the character separates words.
constexpr bool is_space(char character) {
  return character == ' ' || character == '\t' || character == '\r' || character == '\n';
}

constexpr bool is_letter(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

}  // namespace chatvim::markdown
