// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chatvim::secret {

/// The text with everything that looks like a key shown as `***`.
std::string hide_secrets(std::string_view text);

}  // namespace chatvim::secret
