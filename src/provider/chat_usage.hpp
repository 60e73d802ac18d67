// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "chatvim/provider/event.hpp"
#include "json_cursor.hpp"

namespace chatvim::provider {

/// Reads a `usage` block of Chat Completions into `out`; one that counts nothing leaves it.
/// DeepSeek's name for cached tokens
/// (`prompt_cache_hit_tokens`) and Kimi's place for them (`cached_tokens` without details) are
/// known too.
void read_usage(JsonCursor& json, std::optional<Usage>& out);

}  // namespace chatvim::provider
