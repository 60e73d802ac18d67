// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace chatvim::tools {

/// Whether a character is an ASCII letter or digit, whatever the locale.
inline bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace chatvim::tools
