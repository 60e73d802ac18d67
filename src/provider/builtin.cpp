// SPDX-License-Identifier: Apache-2.0
#include "builtin.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace chatvim::provider {
namespace {

struct HeaderFrom {
  std::string_view header;
  std::string_view variable;
};

/// A built-in provider as data; lists are separated by spaces.
struct Row {
  std::string_view name;
  std::string_view base_url;
  std::string_view base_url_variable;  // as the provider's own client reads it; may be empty
  std::string_view key_variables;
  std::string_view patterns;
  std::string_view default_model;
  std::string_view token_limit;
  bool reports_usage;
  std::span<const HeaderFrom> headers;
};

constexpr std::array kOpenAiHeaders = {
    HeaderFrom{"OpenAI-Organization", "OPENAI_ORG_ID"},
    HeaderFrom{"OpenAI-Project", "OPENAI_PROJECT_ID"},
};

// A default model answers in Chat Completions with nothing else set, and has no date on which it is
// shut down.
const std::array kRows = {
    Row{"openai", "https://api.openai.com/v1", "OPENAI_BASE_URL", "OPENAI_API_KEY",
        "gpt-* o1* o3* o4* chatgpt-* chat-latest codex-*", "gpt-6-sol", "max_completion_tokens",
        true, kOpenAiHeaders},
    Row{"xai",
        "https://api.x.ai/v1",
        "",
        "XAI_API_KEY",
        "grok-*",
        "grok-4.7",
        "max_tokens",
        true,
        {}},
};

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> out;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    if (end > 0) out.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return out;
}

}  // namespace

Table builtin_rows(const Environment& environment) {
  const auto variable = [&](std::string_view name) {
    return name.empty() ? std::string() : environment(name).value_or("");
  };
  Table table;
  for (const Row& row : kRows) {
    Provider provider;
    provider.name = row.name;
    provider.base_url = variable(row.base_url_variable);
    if (provider.base_url.empty()) provider.base_url = row.base_url;
    provider.key.environment = split(row.key_variables);
    provider.patterns = split(row.patterns);
    provider.default_model = row.default_model;
    provider.token_limit = row.token_limit;
    provider.reports_usage = row.reports_usage;
    for (const HeaderFrom& header : row.headers) {
      if (std::string value = variable(header.variable); !value.empty()) {
        provider.headers.emplace_back(header.header, std::move(value));
      }
    }
    table.push_back(std::move(provider));
  }
  return table;
}

}  // namespace chatvim::provider
