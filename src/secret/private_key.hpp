// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace chatvim::secret {

/// How many bytes a private key has that the text begins with; 0: there is none. PEM and OpenPGP
/// ("-----BEGIN … PRIVATE KEY-----"), and PuTTY's files. Its last line may be missing.
std::size_t match_private_key(std::string_view text);

}  // namespace chatvim::secret
