// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "chatvim/wire/decoder.hpp"

namespace chatvim::wire {

/// The wire format whose event or whole answer a JSON text is, as far as its members show.
std::optional<Api> find_format(std::string_view text);

}  // namespace chatvim::wire
