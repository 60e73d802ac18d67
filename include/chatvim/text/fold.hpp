// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chatvim::text {

/// Returns a name without case and separators, for comparison: `END_TURN`, `end-turn` and `endTurn`
/// all become "endturn". Keeps ASCII letters and digits only.
std::string fold_word(std::string_view word);

}  // namespace chatvim::text
