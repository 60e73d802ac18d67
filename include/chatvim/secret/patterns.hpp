// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace chatvim::secret {

/// A stretch of a text.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;  ///< exclusive; as `begin` where nothing was found
};

/// A kind of secret that a fixed beginning and an alphabet do not describe: `hook` is a rare text
/// in it or before it, from which it is looked for on both sides.
struct SecretPattern {
  std::string_view hook;  ///< at least two bytes
  std::string_view what;
  /// `at`: where the hook stands in the text.
  Span (*match)(std::string_view text, std::size_t at);
};

std::span<const SecretPattern> secret_patterns();

}  // namespace chatvim::secret
