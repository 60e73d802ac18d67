// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace chatvim::wire {

/// Whether a finish reason, as any provider spells it, means that the answer is complete. No reason
/// at all counts as complete: the caller has seen the end of the response.
bool ends_whole(std::string_view finish_reason);

/// Whether a finish reason means that the model stopped in order to call tools.
bool ends_with_calls(std::string_view finish_reason);

/// Whether the calls of a response that ended with this finish reason may run: the model stopped by
/// itself. Not after a limit, a filter, an error, or a reason that is unknown. Some servers write
/// "stop" after calls too. The arguments must still be checked, because some gateways write
/// "tool_calls" after a limit.
bool may_run(std::string_view finish_reason);

}  // namespace chatvim::wire
