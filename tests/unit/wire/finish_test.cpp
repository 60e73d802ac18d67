// SPDX-License-Identifier: Apache-2.0
#include "chatvim/wire/finish.hpp"

#include <catch2/catch_test_macros.hpp>

namespace chatvim::wire {
namespace {

TEST_CASE("finish reasons after which calls may run") {
  for (const char* reason :
       {"tool_calls", "tool_use", "function_call", "TOOL_CALLS", "toolCalls", "tool-calls",
        "tool_call", "stop", "STOP", "end_turn", "completed", "eos", "FINISH_REASON_STOP"}) {
    INFO(reason);
    CHECK(may_run(reason));
  }
  for (const char* reason :
       {"", "length", "max_tokens", "MAX_TOKENS", "max_output_tokens", "incomplete",
        "content_filter", "SAFETY", "refusal", "pause_turn", "malformed_function_call",
        "MALFORMED_FUNCTION_CALL", "model_context_window_exceeded", "error", "network_error",
        "insufficient_system_resource", "cancelled", "something new"}) {
    INFO(reason);
    CHECK_FALSE(may_run(reason));
  }
  CHECK(ends_with_calls("tool_calls"));
  CHECK_FALSE(ends_with_calls("stop"));
  CHECK(ends_whole("stop"));
  CHECK(ends_whole(""));
  CHECK_FALSE(ends_whole("tool_calls"));
}

}  // namespace
}  // namespace chatvim::wire
