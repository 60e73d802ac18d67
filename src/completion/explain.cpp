// SPDX-License-Identifier: Apache-2.0
#include "chatvim/completion/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "chatvim/provider/decoder.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::completion {

namespace {

constexpr std::size_t kMostServerText = 2048;

/// Reasons with which an answer is whole.
constexpr std::array<std::string_view, 6> kWholeReasons{"stop",     "end",           "eos",
                                                        "end_turn", "stop_sequence", "completed"};

/// What helps with the other reasons that providers are known to give; the sentence follows
/// "ended the answer early".
struct Advice {
  std::string_view reason;
  std::string_view text;
};
constexpr std::string_view kRaiseLimit = "Raise max_tokens, or ask it to go on.";
constexpr std::string_view kLongChat =
    "The chat and its answer fill the model's context: shorten the chat, or choose a model with a "
    "larger one.";
constexpr std::string_view kFiltered = "The provider's filter stopped it: word the question anew.";
constexpr std::string_view kToolsWanted =
    "The model wants to use a tool, and none is offered: tell it to answer without.";
constexpr std::array kAdvice = {
    Advice{"length", kRaiseLimit},
    Advice{"max_tokens", kRaiseLimit},
    Advice{"max_output_tokens", kRaiseLimit},
    Advice{"model_length", kLongChat},
    Advice{"model_context_window_exceeded", kLongChat},
    Advice{"content_filter", kFiltered},
    Advice{"sensitive", kFiltered},
    Advice{"refusal", "The model refused: word the question anew, or ask another model."},
    Advice{"tool_calls", kToolsWanted},
    Advice{"function_call", kToolsWanted},
    Advice{"tool_use", kToolsWanted},
    Advice{"pause_turn", "Ask it to go on."},
    Advice{"insufficient_system_resource", "The server ran out of resources: ask again later."},
    Advice{"network_error", "The server lost its own connection: ask again."},
};

std::string_view advice_for(std::string_view reason) {
  const auto* const found =
      std::find_if(kAdvice.begin(), kAdvice.end(),
                   [reason](const Advice& advice) { return advice.reason == reason; });
  return found == kAdvice.end() ? std::string_view() : found->text;
}

bool is_limit(std::string_view reason) { return advice_for(reason) == kRaiseLimit; }

std::string key_hint(const Plan& plan) {
  const auto& key = plan.provider.key;
  if (!key.environment.empty())
    return fmt::format("Check the key in ${}.", key.environment.front());
  if (!key.command.empty()) return "Check what api_key_command prints.";
  if (!key.file.empty()) return fmt::format("Check the key in {}.", key.file);
  return fmt::format("Give [providers.{}] in config.md an api_key_env.", plan.provider.name);
}

/// A setting of the chat that the server's text names, if there is one.
std::string named_parameter(const Plan& plan, const std::string& text) {
  for (const auto& [name, in_body] : plan.parameters) {
    if (text.find(name) != std::string::npos || text.find(in_body) != std::string::npos) {
      return name;
    }
  }
  return "";
}

std::string too_long(const Plan& plan) {
  const std::string takes = plan.facts && plan.facts->context
                                ? fmt::format(" ({} tokens)", *plan.facts->context)
                                : std::string();
  return fmt::format(
      "The chat is longer than the model takes{}: shorten it, or choose a model with a larger "
      "context.",
      takes);
}

std::string hint(const Plan& plan, const provider::Failure& failure) {
  switch (failure.code) {
    case ErrorCode::kAuth:
      return key_hint(plan);
    case ErrorCode::kQuota:
      return "This is about money or quota, so waiting does not help: see the provider's billing "
             "page.";
    case ErrorCode::kRateLimit:
      if (failure.after && *failure.after >= 1) {
        return fmt::format("Try again in {:.0f} s.", *failure.after);
      }
      return "Try again in a while.";
    case ErrorCode::kOverloaded:
    case ErrorCode::kServer:
      return failure.retry ? "Try again in a while." : "";
    case ErrorCode::kContext:
      return too_long(plan);
    case ErrorCode::kNotFound:
      return fmt::format("The request went to {}: check the model's name and base_url.", plan.url);
    case ErrorCode::kBadRequest:
      if (const auto name = named_parameter(plan, failure.message); !name.empty()) {
        return fmt::format("Drop the setting {}, or name it in omit.", name);
      }
      return "";
    default:
      return "";
  }
}

std::string sentence(std::string text) {
  if (!text.empty() && std::string_view(".!?…").find(text.back()) == std::string_view::npos)
    text += '.';
  return text;
}

}  // namespace

Error name_failure(const Plan& plan, int status, const provider::Failure& failure) {
  const std::string text = text::printable(failure.message, kMostServerText);
  if (failure.code == ErrorCode::kTruncated) {
    return {failure.code,
            fmt::format("{} cut the answer off before its end ({}).", plan.provider.name, text)};
  }
  std::string message = plan.provider.name;
  if (status >= 300) message += fmt::format(" {}", status);
  const bool silent = text.empty() || text == fmt::format("HTTP {}", status);
  message += ": " + sentence(silent ? "the server gave no reason" : text);
  return {failure.code, std::move(message)};
}

Error explain_failure(const Plan& plan, int status, const provider::Failure& failure) {
  Error error = name_failure(plan, status, failure);
  if (const auto advice = hint(plan, failure); !advice.empty()) {
    error.message += " " + advice;
    error.advice = advice;
  }
  return error;
}

Error explain_list(const provider::Provider& provider, int status, std::string_view body) {
  Plan plan;
  plan.provider = provider;
  plan.url = provider::models_url(provider);
  return explain_failure(plan, status, provider::describe_response(status, {}, body));
}

Error explain_finish(const Plan& plan, std::string_view finish_reason) {
  if (finish_reason.empty() ||
      std::find(kWholeReasons.begin(), kWholeReasons.end(), finish_reason) != kWholeReasons.end()) {
    return {ErrorCode::kCutShort, ""};
  }
  const std::string reason = text::printable(finish_reason, 100);
  std::string message =
      fmt::format("{} ended the answer early (finish reason: {}).", plan.provider.name, reason);
  if (const auto advice = advice_for(reason); !advice.empty()) message.append(" ").append(advice);
  return {ErrorCode::kCutShort, std::move(message)};
}

Error explain_empty(const Plan& plan, std::string_view finish_reason) {
  const std::string reason =
      finish_reason.empty() ? "none given" : text::printable(finish_reason, 100);
  std::string message =
      fmt::format("{} sent an empty answer (finish reason: {}).", plan.provider.name, reason);
  if (is_limit(finish_reason)) {
    message += " The token limit was used up before any text: raise max_tokens.";
  } else if (const auto advice = advice_for(finish_reason); !advice.empty()) {
    message.append(" ").append(advice);
  } else if (plan.provider.key.optional) {
    message +=
        " With a local server the chat may be longer than the context the model was loaded with.";
  }
  return {ErrorCode::kEmptyAnswer, std::move(message)};
}

}  // namespace chatvim::completion
