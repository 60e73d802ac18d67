// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "chatvim/wire/decoder.hpp"
#include "chatvim/wire/event.hpp"

namespace chatvim::wire {

/// What an error inside a response of status 200 means: an event's data, or a body.
Failure describe_error(std::string_view data);

/// Seconds to wait before a retry, from `retry-after-ms` or `retry-after`. A date counts from the
/// response's own `date`, as there is no clock here.
std::optional<double> retry_after(const Headers& headers);

/// The value of a header field, its name in any case; null when it is not there.
const std::string* find_header(const Headers& headers, std::string_view name);

}  // namespace chatvim::wire
