// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chatvim::text {

/// A name without case and separators, to compare it by: `END_TURN`, `end-turn` and `endTurn` are
/// "endturn". ASCII letters and digits only.
std::string fold_word(std::string_view word);

}  // namespace chatvim::text
