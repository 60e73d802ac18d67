// SPDX-License-Identifier: Apache-2.0
#include "chat_usage.hpp"

#include <cstdint>
#include <string_view>

namespace chatvim::provider {
namespace {

/// A later count replaces an earlier one; what is no whole number leaves it.
void count(JsonCursor& json, std::optional<std::int64_t>& out) {
  if (const auto value = json.integer_or_skip()) out = value;
}

}  // namespace

void read_usage(JsonCursor& json, std::optional<Usage>& out) {
  Usage usage;
  std::optional<std::int64_t> other_cached;
  json.members([&](std::string_view key) {
    if (key == "prompt_tokens") {
      count(json, usage.input);
    } else if (key == "completion_tokens") {
      count(json, usage.output);
    } else if (key == "prompt_tokens_details") {
      json.members([&](std::string_view detail) {
        detail == "cached_tokens" ? count(json, usage.cached) : json.skip();
      });
    } else if (key == "completion_tokens_details") {
      json.members([&](std::string_view detail) {
        detail == "reasoning_tokens" ? count(json, usage.reasoning) : json.skip();
      });
    } else if (key == "cached_tokens" || key == "prompt_cache_hit_tokens") {
      count(json, other_cached);
    } else {
      json.skip();
    }
  });
  if (!usage.cached) usage.cached = other_cached;
  if (usage.input || usage.output || usage.cached || usage.reasoning) out = usage;
}

}  // namespace chatvim::provider
