// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace chatvim::secret {

/// A range of bytes in a text.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;  ///< exclusive; equal to `begin` if nothing was found
};

/// A kind of secret that a fixed prefix and an alphabet cannot describe. `hook` is a rare text in
/// it or before it; the match extends from there in both directions.
struct SecretPattern {
  std::string_view hook;  ///< at least two bytes
  std::string_view what;
  /// `at`: position of the hook in the text.
  Span (*match)(std::string_view text, std::size_t at);
};

std::span<const SecretPattern> secret_patterns();

}  // namespace chatvim::secret
