// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace chatvim::secret {

/// Returns the size in bytes of a private key at the start of the text, or 0. Recognizes PEM and
/// OpenPGP ("-----BEGIN … PRIVATE KEY-----") and PuTTY's files. The last line may be missing.
std::size_t match_private_key(std::string_view text);

}  // namespace chatvim::secret
