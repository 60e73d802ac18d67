// SPDX-License-Identifier: Apache-2.0
#include "chat_events.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace chatvim::standin {
namespace {

constexpr std::string_view kChunkHead =
    R"(data: {"id":"chatcmpl-standin","object":"chat.completion.chunk","created":1700000000,)"
    R"("model":"stand-in","service_tier":"default",)";

// Returns `text` escaped for use in a JSON string.
std::string escaped(std::string_view text) {
  const std::string quoted =
      nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return quoted.substr(1, quoted.size() - 2);
}

std::vector<std::string> cut_at_number(std::string_view text) {
  static constexpr std::string_view kMark = "{n}";
  std::vector<std::string> parts;
  for (auto at = text.find(kMark); at != std::string_view::npos; at = text.find(kMark)) {
    parts.push_back(escaped(text.substr(0, at)));
    text.remove_prefix(at + kMark.size());
  }
  parts.push_back(escaped(text));
  return parts;
}

std::string choice_event(std::string_view delta, std::string_view finish_reason) {
  return fmt::format(
      R"({}"choices":[{{"index":0,"delta":{},"logprobs":null,"finish_reason":{}}}]}})"
      "\n\n",
      kChunkHead, delta, finish_reason);
}

}  // namespace

DeltaEvents::DeltaEvents(const std::vector<std::string>& texts, std::string_view field,
                         bool numbered)
    : head_(
          fmt::format(R"({}"choices":[{{"index":0,"delta":{{"{}":")", kChunkHead, escaped(field))) {
  for (const std::string& text : texts) {
    texts_.push_back(numbered ? cut_at_number(text) : std::vector{escaped(text)});
  }
}

void DeltaEvents::append(std::size_t index, std::int64_t number, std::string& out) const {
  static constexpr std::string_view kTail = R"("},"logprobs":null,"finish_reason":null}]})"
                                            "\n\n";
  const std::vector<std::string>& parts = texts_[index % texts_.size()];
  out += head_;
  out += parts.front();
  if (parts.size() > 1) {
    const fmt::format_int digits(number);
    for (std::size_t i = 1; i < parts.size(); ++i) {
      out.append(digits.data(), digits.size());
      out += parts[i];
    }
  }
  out += kTail;
}

std::string role_event() {
  return choice_event(R"({"role":"assistant","content":"","refusal":null})", "null");
}

std::string finish_events(std::string_view reason, bool usage, std::size_t prompt_tokens,
                          std::size_t completion_tokens, bool done) {
  std::string out = choice_event("{}", '"' + escaped(reason) + '"');
  if (usage) {
    out += fmt::format(
        R"({}"choices":[],"usage":{{"prompt_tokens":{},"completion_tokens":{},"total_tokens":{}}}}})"
        "\n\n",
        kChunkHead, prompt_tokens, completion_tokens, prompt_tokens + completion_tokens);
  }
  if (done) out += "data: [DONE]\n\n";
  return out;
}

}  // namespace chatvim::standin
