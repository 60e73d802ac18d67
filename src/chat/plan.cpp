// SPDX-License-Identifier: Apache-2.0
#include "chatvim/chat/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "chatvim/chat/size.hpp"
#include "chatvim/store/stored_keys.hpp"
#include "chatvim/text/redact.hpp"
#include "chatvim/text/secret_name.hpp"
#include "chatvim/wire/encoder.hpp"
#include "chatvim/wire/media.hpp"

namespace chatvim::chat {

namespace {

/// A choice that owns its provider, so it outlives the table.
struct OwnedChoice {
  provider::Provider provider;
  std::string model;
};

Result<OwnedChoice> choose_owned(const settings::Settings& settings,
                                 const Environment& environment) {
  auto table = store::provider_table(settings.providers(), environment);
  if (!table) return tl::unexpected(table.error());
  auto choice =
      provider::choose(*table, settings.string("model"), settings.string("provider"), environment);
  if (!choice) return tl::unexpected(choice.error());
  return OwnedChoice{*choice->provider, std::move(choice->model)};
}

/// Whether a request with this row has a key, as far as is known without looking it up.
bool carries_key(const provider::KeySource& key, const Environment& environment) {
  if (!key.command.empty() || !key.file.empty()) return true;
  if (key.stored != provider::KeyPlace::kNowhere) return true;
  if (!key.optional) return !key.environment.empty();
  return std::any_of(key.environment.begin(), key.environment.end(), [&](const std::string& name) {
    return !environment(name).value_or("").empty();
  });
}

/// Whether the request limits the output tokens: through a setting, a `body`, or the limit that
/// Messages requires.
bool limits_output(const Plan& plan, const Json& body) {
  constexpr std::array<std::string_view, 4> kNames = {"max_tokens", "max_completion_tokens",
                                                      "max_output_tokens", "n_predict"};
  const auto is_limit = [&](std::string_view name) {
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
  };
  const auto has_limit = [&](const Json& fields) {
    return std::any_of(kNames.begin(), kNames.end(),
                       [&](std::string_view name) { return fields.contains(name); });
  };
  return plan.provider.api == Api::kMessages ||
         std::any_of(plan.parameters.begin(), plan.parameters.end(),
                     [&](const auto& parameter) { return is_limit(parameter.second); }) ||
         has_limit(body) || (plan.provider.body && has_limit(*plan.provider.body));
}

/// Returns the error for a model whose answers cannot be continued.
Error cannot_continue(const Plan& plan, const Chat& chat) {
  const bool by_model =
      plan.provider.prefill != provider::Prefill::kNone && plan.provider.api != Api::kResponses;
  const std::string who = by_model
                              ? fmt::format("The model {} ({})", plan.model, plan.provider.name)
                              : fmt::format("The provider {}", plan.provider.name);
  return {ErrorCode::kCannotContinue,
          fmt::format("{} cannot go on with an answer; write a message such as \"Go on.\" below a "
                      "line \"{}\".",
                      who, chat.format.user_delimiter)};
}

/// Whether tools are offered, or an answer of the chat has calls.
bool uses_tools(const Chat& chat) {
  return !chat.tools.empty() ||
         std::any_of(chat.messages.begin(), chat.messages.end(),
                     [](const document::Message& message) { return !message.answer.empty(); });
}

Error cannot_search(const Plan& plan) {
  return {ErrorCode::kBadDocument,
          fmt::format("Remove web_search or choose another provider: {} offers no web search.",
                      plan.provider.name)};
}

Error cannot_fit_schema(const Plan& plan) {
  return {ErrorCode::kBadDocument,
          fmt::format("Remove schema or choose another provider: {} is not known to take one "
                      "(structured_output in [providers.{}] says otherwise); nothing was sent.",
                      plan.provider.name, plan.provider.name)};
}

}  // namespace

Result<Plan> begin_plan(const settings::Settings& settings, const Environment& environment) {
  auto choice = choose_owned(settings, environment);
  if (!choice) return tl::unexpected(choice.error());
  Plan plan;
  plan.provider = std::move(choice->provider);
  plan.model = std::move(choice->model);
  plan.provider.api = provider::api_for(plan.provider, plan.model);
  plan.facts = provider::Catalogue(settings.facts()).find(plan.provider.name, plan.model);
  return plan;
}

Result<Plan> make_plan(const Chat& chat, const Environment& environment, Purpose purpose,
                       store::Calibration* calibration) {
  auto begun = begin_plan(chat.settings, environment);
  if (!begun) return begun;
  Plan& plan = *begun;
  const bool continues = chat.mode == Mode::kContinue;
  if (continues && provider::prefill_for(plan.provider, plan.model) == provider::Prefill::kNone) {
    return tl::unexpected(cannot_continue(plan, chat));
  }
  if (continues && !plan.provider.prefill_url.empty()) {
    plan.provider.base_url = plan.provider.prefill_url;
  }
  const bool searches = chat.settings.boolean("web_search").value_or(false);
  plan.provider.api = provider::api_for(plan.provider, plan.model, {uses_tools(chat), searches});
  plan.url = provider::endpoint(plan.provider);
  plan.carries_key = carries_key(plan.provider.key, environment);
  if (auto checked = wire::check_media(plan.provider, plan.facts, plan.model, chat.messages);
      !checked) {
    return tl::unexpected(checked.error());
  }
  if (searches && !provider::can_search_web(plan.provider))
    return tl::unexpected(cannot_search(plan));
  // A continued answer has begun: the provider would begin it again.
  const schema::Schema* const schema = chat.schema && !continues ? &*chat.schema : nullptr;
  if (schema && !plan.provider.structured_output) {
    return tl::unexpected(cannot_fit_schema(plan));
  }
  measure(plan, chat, purpose, calibration);
  wire::Prompt prompt{plan.model, chat.messages, chat.settings.parameters(), &chat.settings.body(),
                      chat.settings.omit()};
  prompt.max_output = plan.facts ? plan.facts->max_output : std::nullopt;
  if (!prompt.max_output) {
    prompt.max_output = provider::Catalogue::safe_max_output(plan.provider.name);
  }
  prompt.continues = continues;
  prompt.tools = chat.tools;
  prompt.web_search = searches;
  prompt.schema = schema;
  prompt.state_of = plan.provider.name + "/" + plan.model;
  prompt.describes_media = purpose == Purpose::kShow;
  // A model without reasoning may reject a request for it, and a continued answer has no reasoning.
  prompt.wants_reasoning = !continues && chat.settings.string("reasoning") == "keep" &&
                           !(plan.facts && plan.facts->reasoning == false);
  if (auto checked = check_limits(plan, chat, prompt); !checked) {
    return tl::unexpected(checked.error());
  }
  for (const auto& [name, value] : prompt.parameters) {
    plan.parameters.emplace_back(name, wire::name_in_body(plan.provider, name));
  }
  plan.continues = continues;
  plan.offers_tools = !chat.tools.empty();
  plan.limits_output = limits_output(plan, chat.settings.body());
  plan.body = wire::encode_body(plan.provider, prompt);
  plan.body_bytes = plan.body.size();
  if (continues && plan.provider.repeats_prefill) {
    plan.repeated = wire::last_turn(plan.provider, prompt);
  }
  return begun;
}

Result<provider::Provider> choose_provider(const settings::Settings& settings,
                                           const Environment& environment) {
  auto choice = choose_owned(settings, environment);
  if (!choice) return tl::unexpected(choice.error());
  return std::move(choice->provider);
}

Result<std::string> choose_model(const settings::Settings& settings,
                                 const Environment& environment) {
  return choose_owned(settings, environment).map([](const OwnedChoice& choice) {
    return choice.provider.name + "/" + choice.model;
  });
}

std::string describe_request(const Plan& plan) {
  Json headers = Json::object();
  for (const auto& [name, value] :
       wire::encode_headers(plan.provider, plan.carries_key ? "***" : "")) {
    headers[name] = text::header_holds_secret(name) && value != "Bearer ***" ? "***" : value;
  }
  Json request = {
      {"method", "POST"}, {"url", text::redact_addresses(plan.url)}, {"headers", headers}};
  request["body"] = Json::parse(plan.body, nullptr, false);
  return request.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace chatvim::chat
