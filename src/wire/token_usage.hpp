// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "chatvim/json/cursor.hpp"
#include "chatvim/wire/event.hpp"

namespace chatvim::wire {

/// Reads a `usage` block of Chat Completions or Responses into `out`; a block without counts leaves
/// it unchanged. Also reads DeepSeek's name for cached tokens (`prompt_cache_hit_tokens`), Kimi's
/// place for them (`cached_tokens` outside the details) and OpenRouter's `cost`.
void read_usage(json::JsonCursor& json, std::optional<provider::Usage>& out);

/// The counts of Anthropic Messages. They are cumulative: a later one replaces an earlier one.
class MessageUsage {
 public:
  /// Reads a `usage` block; counts that it lacks stay unchanged.
  void read(json::JsonCursor& json);
  /// Returns the counts in Chatvim's terms, where `input` is all of the input, cached or not.
  std::optional<provider::Usage> total() const;

 private:
  std::optional<std::int64_t> input_;  // without tokens read from or written to the cache
  std::optional<std::int64_t> cache_read_;
  std::optional<std::int64_t> cache_written_;
  std::optional<std::int64_t> output_;
  std::optional<std::int64_t> thinking_;
};

}  // namespace chatvim::wire
