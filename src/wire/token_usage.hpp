// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "chatvim/json/cursor.hpp"
#include "chatvim/wire/event.hpp"

namespace chatvim::wire {

/// Reads a `usage` block of Chat Completions or of Responses into `out`; one that counts nothing
/// leaves it. DeepSeek's name for cached tokens (`prompt_cache_hit_tokens`), Kimi's place for them
/// (`cached_tokens` without details) and OpenRouter's `cost` are known too.
void read_usage(json::JsonCursor& json, std::optional<provider::Usage>& out);

/// The counts of Anthropic Messages. They are cumulative: a later one replaces an earlier one.
class MessageUsage {
 public:
  /// Reads a `usage` block; what it does not count stays.
  void read(json::JsonCursor& json);
  /// The counts in Chatvim's words, where `input` is all of the input, cached or not.
  std::optional<provider::Usage> total() const;

 private:
  std::optional<std::int64_t> input_;  // without what the cache gave or took
  std::optional<std::int64_t> cache_read_;
  std::optional<std::int64_t> cache_written_;
  std::optional<std::int64_t> output_;
  std::optional<std::int64_t> thinking_;
};

}  // namespace chatvim::wire
