// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "chatvim/wire/decoder.hpp"

namespace chatvim::wire {

/// Returns the wire format of a JSON text, which is an event or a whole answer, or nothing if its
/// members do not identify it.
std::optional<Api> find_format(std::string_view text);

}  // namespace chatvim::wire
