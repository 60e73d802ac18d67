// SPDX-License-Identifier: Apache-2.0
#include "token_usage.hpp"

#include <nlohmann/json.hpp>
#include <string_view>

namespace chatvim::wire {
namespace {

/// A later count replaces an earlier one; what is no whole number leaves it.
void count(json::JsonCursor& json, std::optional<std::int64_t>& out) {
  if (const auto value = json.integer_or_skip()) out = value;
}

void read_cost(json::JsonCursor& json, std::optional<double>& out) {
  const Json value = json.tree();
  if (value.is_number() && value.get<double>() >= 0) out = value.get<double>();
}

}  // namespace

void read_usage(json::JsonCursor& json, std::optional<provider::Usage>& out) {
  provider::Usage usage;
  std::optional<std::int64_t> other_cached;
  json.members([&](std::string_view key) {
    if (key == "prompt_tokens" || key == "input_tokens") {
      count(json, usage.input);
    } else if (key == "completion_tokens" || key == "output_tokens") {
      count(json, usage.output);
    } else if (key == "prompt_tokens_details" || key == "input_tokens_details") {
      json.members([&](std::string_view detail) {
        if (detail == "cached_tokens") return count(json, usage.cached);
        detail == "cache_write_tokens" ? count(json, usage.cache_written) : json.skip();
      });
    } else if (key == "completion_tokens_details" || key == "output_tokens_details") {
      json.members([&](std::string_view detail) {
        detail == "reasoning_tokens" ? count(json, usage.reasoning) : json.skip();
      });
    } else if (key == "cached_tokens" || key == "prompt_cache_hit_tokens") {
      count(json, other_cached);
    } else if (key == "cost") {
      read_cost(json, usage.cost);
    } else {
      json.skip();
    }
  });
  if (!usage.cached) usage.cached = other_cached;
  if (usage.input || usage.output || usage.cached || usage.reasoning) out = usage;
}

void MessageUsage::read(json::JsonCursor& json) {
  json.members([&](std::string_view key) {
    if (key == "input_tokens") {
      count(json, input_);
    } else if (key == "cache_read_input_tokens") {
      count(json, cache_read_);
    } else if (key == "cache_creation_input_tokens") {
      count(json, cache_written_);
    } else if (key == "output_tokens") {
      count(json, output_);
    } else if (key == "output_tokens_details") {
      json.members([&](std::string_view detail) {
        detail == "thinking_tokens" ? count(json, thinking_) : json.skip();
      });
    } else {
      json.skip();
    }
  });
}

std::optional<provider::Usage> MessageUsage::total() const {
  provider::Usage usage;
  if (input_) usage.input = *input_ + cache_read_.value_or(0) + cache_written_.value_or(0);
  usage.output = output_;
  usage.cached = cache_read_;
  usage.cache_written = cache_written_;
  usage.reasoning = thinking_;
  if (usage.input || usage.output) return usage;
  return std::nullopt;
}

}  // namespace chatvim::wire
