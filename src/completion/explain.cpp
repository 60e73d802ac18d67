// SPDX-License-Identifier: Apache-2.0
#include "explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "chatvim/text/fold.hpp"
#include "chatvim/text/utf8.hpp"
#include "chatvim/wire/decoder.hpp"
#include "chatvim/wire/finish.hpp"

namespace chatvim::completion {

namespace {

constexpr std::size_t kMostServerText = 2048;
constexpr std::size_t kMostFinishReason = 100;

/// Advice for the known finish reasons of incomplete answers, in lower case, without separators;
/// the sentence follows "ended the answer early".
struct Advice {
  std::string_view reason;
  std::string_view text;
};
constexpr std::string_view kRaiseLimit = "Raise max_tokens, or ask it to go on.";
constexpr std::string_view kLongChat =
    "The chat and its answer fill the model's context: shorten the chat, or choose a model with a "
    "larger one.";
/// For a limit that is not the user's, but the model's or its server's.
constexpr std::string_view kOwnLimit =
    "Ask it to go on. No max_tokens is set, so that the server's own limit is reached or the "
    "model's context is full: shorten the chat, or choose a model with a larger one.";
constexpr std::string_view kFiltered = "The provider's filter stopped it: word the question anew.";
constexpr std::string_view kRecited =
    "It was too close to a text that is known: ask for it in other words.";
constexpr std::string_view kToolsWanted =
    "The model wants to use a tool, and none is offered: tell it to answer without.";
constexpr std::string_view kAskAgain = "The server failed: ask again.";
constexpr std::array kAdvice = {
    Advice{"length", kRaiseLimit},
    Advice{"maxlength", kRaiseLimit},
    Advice{"maxlen", kRaiseLimit},
    Advice{"reasonmaxlen", kRaiseLimit},
    Advice{"maxtokens", kRaiseLimit},
    Advice{"maxtokensreached", kRaiseLimit},
    Advice{"finishreasonmaxtokens", kRaiseLimit},
    Advice{"maxoutputtokens", kRaiseLimit},
    Advice{"maxcompletiontokens", kRaiseLimit},
    Advice{"tokenlimit", kRaiseLimit},
    Advice{"modellength", kLongChat},
    Advice{"contextlength", kLongChat},
    Advice{"errorlimit", kLongChat},
    Advice{"modelcontextwindowexceeded", kLongChat},
    Advice{"contentfilter", kFiltered},
    Advice{"contentfiltered", kFiltered},
    Advice{"guardrailintervened", kFiltered},
    Advice{"safety", kFiltered},
    Advice{"imagesafety", kFiltered},
    Advice{"blocklist", kFiltered},
    Advice{"prohibitedcontent", kFiltered},
    Advice{"spii", kFiltered},
    Advice{"errortoxic", kFiltered},
    Advice{"sensitive", kFiltered},
    Advice{"recitation", kRecited},
    Advice{"refusal", "The model refused: word the question anew, or ask another model."},
    Advice{"toolcalls", kToolsWanted},
    Advice{"toolcall", kToolsWanted},
    Advice{"functioncall", kToolsWanted},
    Advice{"malformedfunctioncall", kToolsWanted},
    Advice{"tooluse", kToolsWanted},
    Advice{"pauseturn", "Ask it to go on."},
    Advice{"insufficientsystemresource", "The server ran out of resources: ask again later."},
    Advice{"networkerror", "The server lost its own connection: ask again."},
    Advice{"error", kAskAgain},
    Advice{"abort", kAskAgain},
    Advice{"aborted", kAskAgain},
};

std::string_view advice_for(const chat::Plan& plan, std::string_view reason) {
  const std::string word = text::fold_word(reason);
  const auto* const found =
      std::find_if(kAdvice.begin(), kAdvice.end(),
                   [&word](const Advice& advice) { return advice.reason == word; });
  if (found == kAdvice.end()) return {};
  return found->text == kRaiseLimit && !plan.limits_output ? kOwnLimit : found->text;
}

bool is_limit(std::string_view reason) {
  const std::string word = text::fold_word(reason);
  return std::any_of(kAdvice.begin(), kAdvice.end(), [&word](const Advice& advice) {
    return advice.reason == word && advice.text == kRaiseLimit;
  });
}

std::string key_hint(const chat::Plan& plan) {
  const auto& key = plan.provider.key;
  if (!key.environment.empty())
    return fmt::format("Check the key in ${}.", key.environment.front());
  if (!key.command.empty()) return "Check what api_key_command prints.";
  if (!key.file.empty()) return fmt::format("Check the key in {}.", key.file);
  return fmt::format("Give [providers.{}] in config.md an api_key_env.", plan.provider.name);
}

/// Returns the setting of the chat that the server's message names, or "".
std::string named_parameter(const chat::Plan& plan, const std::string& text) {
  for (const auto& [name, in_body] : plan.parameters) {
    if (text.find(name) != std::string::npos || text.find(in_body) != std::string::npos) {
      return name;
    }
  }
  return "";
}

std::string too_long(const chat::Plan& plan) {
  const std::string takes = plan.facts && plan.facts->context
                                ? fmt::format(" ({} tokens)", *plan.facts->context)
                                : std::string();
  return fmt::format(
      "The chat is longer than the model takes{}: shorten it, or choose a model with a larger "
      "context.",
      takes);
}

/// Returns the advice to wait, in a suitable unit.
std::string wait_advice(double seconds) {
  constexpr double kMinute = 60;
  constexpr double kHour = 60 * kMinute;
  constexpr double kDay = 24 * kHour;
  if (seconds < 10 * kMinute) return fmt::format("Try again in {:.0f} s.", seconds);
  if (seconds < 2 * kHour) return fmt::format("Try again in {:.0f} minutes.", seconds / kMinute);
  if (seconds < 2 * kDay) return fmt::format("Try again in {:.0f} hours.", seconds / kHour);
  if (seconds < 100 * kDay) return fmt::format("Try again in {:.0f} days.", seconds / kDay);
  return "Try again in a while.";
}

std::string size_advice(const chat::Plan& plan) {
  constexpr double kMebibyte = 1024.0 * 1024;
  const auto bytes = static_cast<double>(plan.body_bytes);
  const std::string size = bytes < kMebibyte ? fmt::format("{:.0f} KiB", std::ceil(bytes / 1024))
                                             : fmt::format("{:.1f} MiB", bytes / kMebibyte);
  return fmt::format(
      "The server, or a proxy before it, takes no request of {}: embed less, or raise its limit "
      "(nginx: client_max_body_size).",
      size);
}

/// Returns advice for a failure with a known cause; else empty.
std::string cause_hint(const chat::Plan& plan, wire::Cause cause) {
  switch (cause) {
    case wire::Cause::kOther:
      return "";
    case wire::Cause::kRequestSize:
      return size_advice(plan);
    case wire::Cause::kPerMinute:
      return "This request alone is over your account's limit per minute: shorten the chat, or "
             "choose a model or a plan with a higher limit.";
    case wire::Cause::kCountry:
      return "The provider does not serve the place that the request came from; no key changes "
             "that: choose another provider.";
    case wire::Cause::kNoPictures:
      return "Leave the picture out, or choose a model that takes pictures; a local server may "
             "have to be started with the model's part for pictures (llama.cpp: --mmproj).";
    case wire::Cause::kProxyLogin:
      return "A proxy wants a user name and a password: write them before its host, as in "
             "NAME:PASSWORD@HOST (the setting proxy, or the variable http_proxy).";
  }
  return "";
}

std::string hint(const chat::Plan& plan, const wire::Failure& failure) {
  if (std::string known = cause_hint(plan, failure.cause); !known.empty()) return known;
  switch (failure.code) {
    case ErrorCode::kAuth:
      return key_hint(plan);
    case ErrorCode::kQuota:
      return "This is about money or quota, so waiting does not help: see the provider's billing "
             "page.";
    case ErrorCode::kRateLimit:
      return failure.after && *failure.after >= 1 ? wait_advice(*failure.after)
                                                  : "Try again in a while.";
    case ErrorCode::kOverloaded:
    case ErrorCode::kServer:
      return failure.retry ? "Try again in a while." : "";
    case ErrorCode::kContext:
      return too_long(plan);
    case ErrorCode::kNotFound:
      return fmt::format("The request went to {}: check the model's name and base_url.", plan.url);
    case ErrorCode::kBadRequest:
      if (const auto name = refused_setting(plan, failure); !name.empty()) {
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

Error name_failure(const chat::Plan& plan, int status, const wire::Failure& failure) {
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

Error explain_failure(const chat::Plan& plan, int status, const wire::Failure& failure) {
  Error error = name_failure(plan, status, failure);
  if (const auto advice = hint(plan, failure); !advice.empty()) {
    error.message += " " + advice;
    error.advice = advice;
  }
  return error;
}

std::string refused_setting(const chat::Plan& plan, const wire::Failure& failure) {
  return failure.code == ErrorCode::kBadRequest ? named_parameter(plan, failure.message) : "";
}

Error explain_list(const provider::Provider& provider, int status, std::string_view body) {
  chat::Plan plan;
  plan.provider = provider;
  plan.url = provider::models_url(provider);
  return explain_failure(plan, status, wire::describe_response(status, {}, body));
}

namespace {

/// Explains a finish reason in a sentence; empty for a plain stop.
std::string explain_finish(const chat::Plan& plan, std::string_view finish_reason) {
  if (wire::ends_whole(finish_reason)) return "";
  const std::string reason = text::printable(finish_reason, kMostFinishReason);
  std::string message =
      fmt::format("{} ended the answer early (finish reason: {}).", plan.provider.name, reason);
  if (const auto advice = advice_for(plan, reason); !advice.empty())
    message.append(" ").append(advice);
  return message;
}

std::string explain_warning(const chat::Plan& plan, const wire::Warning& warning) {
  const std::string& name = plan.provider.name;
  const std::string words = text::printable(warning.message, kMostServerText);
  switch (warning.code) {
    case ErrorCode::kLateFailure:
      return fmt::format("The answer is whole, but {} reported an error after its end: {}", name,
                         sentence(words));
    case ErrorCode::kOtherFormat:
      return fmt::format(
          "Set api = \"{}\" in [providers.{}] of config.md: that is the format of this answer, and "
          "\"{}\" was asked for.",
          words, name, name_of(plan.provider.api));
    case ErrorCode::kReasoningInText:
      return fmt::format(
          "The text before {} in the answer is the model's reasoning: {} did not mark its "
          "beginning.",
          wire::kLoneReasoningEnd, name);
    default:
      return fmt::format("Check the answer for a gap: {} sent something that cannot be read: {}",
                         name, sentence(words));
  }
}

}  // namespace

std::optional<Error> explain_end(const chat::Plan& plan, std::string_view finish_reason,
                                 const std::vector<wire::Warning>& warnings) {
  std::optional<Error> notice;
  const auto add = [&notice](ErrorCode code, const std::string& sentence) {
    if (sentence.empty()) return;
    if (notice) {
      notice->message += " " + sentence;
    } else {
      notice = Error{code, sentence};
    }
  };
  add(ErrorCode::kCutShort, explain_finish(plan, finish_reason));
  for (const wire::Warning& warning : warnings) add(warning.code, explain_warning(plan, warning));
  return notice;
}

Error explain_empty(const chat::Plan& plan, std::string_view finish_reason, Wordless came) {
  const std::string& name = plan.provider.name;
  const std::string reason =
      finish_reason.empty() ? "none given" : text::printable(finish_reason, kMostFinishReason);
  if (plan.continues && !came.reasoned && !came.called && wire::ends_whole(finish_reason)) {
    return {ErrorCode::kEmptyAnswer,
            fmt::format("The answer seems to be whole: {} added nothing to it (finish reason: {}).",
                        name, reason)};
  }
  std::string message = fmt::format("{} sent {} (finish reason: {}).", name,
                                    came.called     ? "a call of a tool and no text"
                                    : came.reasoned ? "its reasoning and no answer"
                                                    : "an empty answer",
                                    reason);
  const auto advice = advice_for(plan, finish_reason);
  if (is_limit(finish_reason)) {
    message += plan.limits_output
                   ? " The token limit was used up before any text: raise max_tokens."
                   : " The model's context or its own limit was used up before any text: shorten "
                     "the chat, or choose a model with a larger context.";
  } else if (came.called) {
    message.append(" ").append(kToolsWanted);
  } else if (!advice.empty()) {
    message.append(" ").append(advice);
  } else if (came.reasoned) {
    message += " Ask again, or for less reasoning (reasoning_effort).";
  } else if (plan.provider.key.optional) {
    message +=
        " With a local server the chat may be longer than the context the model was loaded with.";
  }
  return {ErrorCode::kEmptyAnswer, std::move(message)};
}

}  // namespace chatvim::completion
