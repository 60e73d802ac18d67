// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chatvim::text {

/// Returns a word as it is typed into a POSIX shell: in single quotes if it needs them.
std::string shell_word(std::string_view word);

}  // namespace chatvim::text
