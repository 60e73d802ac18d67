// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace chatvim::secret {

/// Which characters follow a key's prefix.
enum class Alphabet {
  kHex,       ///< small letters a to f and digits
  kCapitals,  ///< capital letters and digits
  kLetters,   ///< letters and digits
  kWord,      ///< these, `_` and `-`
  kDotted,    ///< these and `.`
  kBase64,    ///< letters, digits, `+`, `/` and `=`
  kPath       ///< letters, digits and `/`
};

/// The shape of a well-known kind of key: how it begins and how it goes on.
struct SecretShape {
  std::string_view prefix;  ///< at least two bytes
  Alphabet alphabet;
  std::size_t least;  ///< characters behind the prefix
  std::size_t most;
  std::string_view what;
};

/// All that are looked for, the more special ones first.
std::span<const SecretShape> secret_shapes();

/// How many bytes a key of that shape has that the text begins with; 0: there is none. What looks
/// like a placeholder is none: of too few different characters, or with the word "example" in it.
std::size_t match_shape(const SecretShape& shape, std::string_view text);

}  // namespace chatvim::secret
