// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "chatvim/wire/decoder.hpp"
#include "chatvim/wire/event.hpp"

namespace chatvim::wire {

/// Returns the failure that an error inside a response of status 200 stands for. `data` is an
/// event's data, or a body.
Failure describe_error(std::string_view data);

/// Returns the seconds to wait before a retry, from `retry-after-ms` or `retry-after`. A date is
/// relative to the response's own `date`, as the decoder has no clock.
std::optional<double> retry_after(const Headers& headers);

/// Returns the value of a header field (the name in any case), or null if it is absent.
const std::string* find_header(const Headers& headers, std::string_view name);

}  // namespace chatvim::wire
