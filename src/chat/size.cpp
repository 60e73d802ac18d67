// SPDX-License-Identifier: Apache-2.0
#include "chatvim/chat/size.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "chatvim/text/number.hpp"
#include "chatvim/tokens/tokens.hpp"

namespace chatvim::chat {

namespace {

constexpr double kMillion = 1e6;
/// Limit in bytes of text that is estimated only for the calibration; takes a millisecond at most.
constexpr std::size_t kCheapBytes = 256UL * 1024;

std::string full_name(const Plan& plan) { return plan.provider.name + "/" + plan.model; }

std::size_t text_bytes(const Chat& chat) {
  std::size_t bytes = 0;
  for (const auto& message : chat.messages) {
    bytes += message.content.size();
    for (const auto& part : message.parts) bytes += part.text.size();
    for (const auto& part : message.answer) {
      bytes += part.call.arguments.size() + part.call.result.size();
    }
  }
  return bytes;
}

/// Whether a body of the user's adds input, which the estimate does not include.
bool has_own_input(const Json* body) {
  if (body == nullptr || !body->is_object()) return false;
  constexpr std::array kKeys{"messages", "input", "system", "instructions", "tools"};
  return std::any_of(kKeys.begin(), kKeys.end(),
                     [&](const char* key) { return body->contains(key); });
}

/// Returns the tokens of the offered tools: their names, descriptions and schemas.
std::size_t tokens_of_tools(const Chat& chat) {
  std::size_t tokens = 0;
  for (const tools::Tool& tool : chat.tools) {
    tokens += tokens::estimate_tokens(tool.label) + tokens::estimate_tokens(tool.description) +
              tokens::estimate_tokens(tool.schema);
  }
  return tokens;
}

std::size_t tokens_of_schema(const Chat& chat) {
  if (!chat.schema) return 0;
  return tokens::estimate_tokens(
      chat.schema->value->dump(-1, ' ', false, Json::error_handler_t::replace));
}

bool has_limit(const Chat& chat) {
  return chat.settings.number("max_input_tokens") || chat.settings.number("max_cost");
}

}  // namespace

Size size_of(const Plan& plan) {
  Size size;
  size.tokens = plan.input_tokens.value_or(0);
  if (!plan.facts) return size;
  size.context = plan.facts->context;
  if (plan.facts->price) {
    size.price = static_cast<double>(size.tokens) * plan.facts->price->input / kMillion;
  }
  return size;
}

Json describe_size(const Size& size) {
  Json map = {{"tokens", size.tokens}};
  if (size.context) map["context"] = *size.context;
  if (size.price) map["price"] = *size.price;
  return map;
}

std::string size_in_words(const Plan& plan) {
  const Size size = size_of(plan);
  std::string words = fmt::format("About {} tokens", text::with_commas(size.tokens));
  if (size.context && *size.context > 0) {
    words += fmt::format(" of {} that {} takes",
                         text::with_commas(static_cast<std::uint64_t>(*size.context)), plan.model);
  }
  if (size.price) words += fmt::format("; about {} for the input", in_dollars(*size.price));
  return words + ".";
}

std::size_t correct(const Plan& plan, const tokens::InputEstimate& estimate,
                    store::Calibration* calibration) {
  if (calibration == nullptr || plan.model.empty()) return estimate.total();
  // Pictures are counted by rules, not by the tokenizer that the calibration corrects for.
  return calibration->apply(full_name(plan), estimate.text) + estimate.attached;
}

void measure(Plan& plan, const Chat& chat, Purpose purpose, store::Calibration* calibration) {
  const bool wanted = purpose == Purpose::kShow || has_limit(chat);
  const bool cheap = text_bytes(chat) <= kCheapBytes;
  if (!wanted && (!cheap || calibration == nullptr)) return;
  auto estimate = tokens::estimate_input(chat.messages, plan.provider.api);
  estimate.text += tokens_of_tools(chat) + tokens_of_schema(chat);
  if (cheap && estimate.attached == 0 && !has_own_input(plan.provider.body.get()) &&
      !has_own_input(&chat.settings.body())) {
    plan.raw_tokens = estimate.text;
  }
  if (wanted) plan.input_tokens = correct(plan, estimate, calibration);
}

std::string in_dollars(double amount) {
  if (!(amount > 0)) return "$0";
  constexpr double kCent = 0.01;
  if (amount >= 1) {
    const auto cents = static_cast<std::uint64_t>(std::llround(std::min(amount, 1e15) / kCent));
    return fmt::format("${}.{:02}", text::with_commas(cents / 100), cents % 100);
  }
  const int digits = std::clamp(1 - static_cast<int>(std::floor(std::log10(amount))), 2, 12);
  return fmt::format("${:.{}f}", amount, digits);
}

}  // namespace chatvim::chat
