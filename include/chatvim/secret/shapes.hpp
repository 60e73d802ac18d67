// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace chatvim::secret {

/// The characters that may follow a key's prefix.
enum class Alphabet {
  kHex,       ///< lower case a to f and digits
  kCapitals,  ///< capital letters and digits
  kLetters,   ///< letters and digits
  kWord,      ///< the above, `_` and `-`
  kDotted,    ///< the above and `.`
  kBase64,    ///< letters, digits, `+`, `/` and `=`
  kPath       ///< letters, digits and `/`
};

/// The format of a well-known kind of key: its prefix and the characters after it.
struct SecretShape {
  std::string_view prefix;  ///< at least two bytes
  Alphabet alphabet;
  std::size_t least;  ///< characters after the prefix
  std::size_t most;
  std::string_view what;
};

/// Returns all known shapes, the more specific ones first.
std::span<const SecretShape> secret_shapes();

/// Returns the size in bytes of a key of that shape at the start of the text, or 0. Placeholders do
/// not count: text with too few different characters or with the word "example".
std::size_t match_shape(const SecretShape& shape, std::string_view text);

}  // namespace chatvim::secret
