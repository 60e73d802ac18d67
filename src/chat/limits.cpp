// SPDX-License-Identifier: Apache-2.0
// Checks the limits of a chat against the request as it will be sent.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "chatvim/chat/size.hpp"
#include "chatvim/http/client.hpp"
#include "chatvim/provider/catalogue.hpp"
#include "chatvim/text/number.hpp"
#include "chatvim/text/utf8.hpp"
#include "chatvim/tokens/tokens.hpp"

namespace chatvim::chat {

namespace {

constexpr double kPricedTokens = 1e6;
constexpr std::size_t kLongestKey = 100;

tl::unexpected<Error> too_large(std::string message) {
  return tl::unexpected(Error{ErrorCode::kTooLarge, std::move(message) + "; nothing was sent."});
}

/// Whether a member that a document has to demand can be counted, because its size is known.
bool is_countable(std::string_view key) {
  constexpr std::array<std::string_view, 11> kKeys = {
      "messages", "input", "system",   "instructions", "model", "n",
      "best_of",  "user",  "metadata", "stream",       "store"};
  return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

/// Whether a body contains parts other than text (a picture, a file), whose size only the server
/// knows.
bool has_media(const Json& value) {
  if (value.is_object()) {
    const auto type = value.find("type");
    const bool text = type == value.end() || !type->is_string() ||
                      type->get_ref<const std::string&>().find("text") != std::string::npos ||
                      *type == "message";
    if (!text) return true;
  }
  return value.is_structured() && std::any_of(value.begin(), value.end(), has_media);
}

/// Returns a member that a document demands and that cannot be estimated, or nothing.
std::optional<std::string> uncountable(const Json& demands) {
  if (const auto body = demands.find("body"); body != demands.end()) {
    for (const auto& [key, value] : body->items()) {
      if (!is_countable(key) || has_media(value)) return "body." + key;
    }
  }
  // Results of a web search are billed as input.
  const auto model = demands.find("model");
  return model == demands.end() ? std::nullopt
                                : std::optional("model " + model->get<std::string>());
}

/// The request as it will be sent, for checking the limits.
class FinalBody {
 public:
  FinalBody(const Plan& plan, const Chat& chat, const wire::Prompt& prompt)
      : plan_(plan),
        chat_(chat),
        prompt_(prompt),
        members_(wire::encode_members(plan.provider, prompt)) {}

  /// Returns the estimated tokens that the user's bodies add to the chat.
  std::size_t added_tokens() const {
    std::size_t tokens = 0;
    for (const Json* body : {plan_.provider.body.get(), prompt_.body}) {
      if (body == nullptr || !body->is_object()) continue;
      for (const auto& [key, value] : body->items()) {
        const bool counts = value.is_structured() || value.is_string();
        if (counts && key != "model" && members_.contains(key)) {
          tokens +=
              tokens::estimate_tokens(value.dump(-1, ' ', false, Json::error_handler_t::replace));
        }
      }
    }
    return tokens;
  }

  /// Returns PROVIDER/NAME of the model that will answer.
  std::string model() const {
    const auto model = members_.find("model");
    const bool known = model != members_.end() && model->is_string();
    return plan_.provider.name + "/" + (known ? model->get<std::string>() : std::string("?"));
  }

  std::optional<provider::Price> price() const {
    const auto known = facts();
    const auto tier = members_.find("service_tier");
    if (!known || (tier != members_.end() && !is_usual_tier(*tier))) return std::nullopt;
    return known->price;
  }

  /// Returns the maximum of output tokens over all answers: the limit in the request, else the
  /// model's. Returns 0 if neither is known, and an error if it cannot be determined.
  Result<double> output_tokens() const {
    const double answers = count_of_answers();
    if (answers < 1) return unknown("n");
    double most = 0;
    for (const auto& [key, value] : members_.items()) {
      if (!wire::is_token_limit(key)) continue;
      if (!value.is_number() || value.get<double>() < 1) return unknown(key);
      most = value.get<double>();
    }
    if (most < 1) {
      const auto known = facts();
      most = known ? static_cast<double>(known->max_output.value_or(0)) : 0;
    }
    if (most >= 1) return most * answers;
    if (sets_limit()) return unknown("omit");
    return answers > 1 ? Result<double>(unknown("n")) : 0.0;
  }

  /// Whether a limit was set explicitly. One that the wire format requires does not count, as it is
  /// the model's maximum.
  bool sets_limit() const {
    const auto& parameters = prompt_.parameters;
    if (std::any_of(parameters.begin(), parameters.end(),
                    [](const auto& one) { return one.first == "max_tokens"; })) {
      return true;
    }
    const auto has = [](const Json* body) {
      if (body == nullptr || !body->is_object()) return false;
      for (const auto& [key, value] : body->items()) {
        if (wire::is_token_limit(key)) return true;
      }
      return false;
    };
    return has(plan_.provider.body.get()) || has(prompt_.body);
  }

 private:
  /// Returns the facts about the model that will answer.
  std::optional<provider::Model> facts() const {
    const std::string name = model().substr(plan_.provider.name.size() + 1);
    if (name == plan_.model) return plan_.facts;
    return provider::Catalogue(chat_.settings.facts()).find(plan_.provider.name, name);
  }

  static bool is_usual_tier(const Json& tier) {
    constexpr std::array kUsual = {"auto",          "default", "flex",     "standard",
                                   "standard_only", "batch",   "on_demand"};
    return std::any_of(kUsual.begin(), kUsual.end(),
                       [&tier](const char* usual) { return tier == usual; });
  }

  static tl::unexpected<Error> unknown(std::string_view what) {
    return too_large(fmt::format(
        "With {} in the request max_cost cannot be checked for the answer: remove one of "
        "them",
        text::printable_name(what, kLongestKey)));
  }

  /// Returns the number of answers requested, or 0 if it is not a valid number.
  double count_of_answers() const {
    double count = 1;
    for (const char* key : {"n", "best_of"}) {
      const auto found = members_.find(key);
      if (found == members_.end() || found->is_null()) continue;
      if (!found->is_number() || found->get<double>() < 1) return 0;
      count = std::max(count, found->get<double>());
    }
    return count;
  }

  const Plan& plan_;
  const Chat& chat_;
  const wire::Prompt& prompt_;
  const Json members_;
};

/// Describes the cost of a request: dollars for the input and for the longest possible answer.
std::string in_parts(double input, double output, double output_tokens, bool is_set) {
  if (output_tokens <= 0) return in_dollars(input) + " for the input alone";
  const auto tokens = static_cast<std::uint64_t>(std::min(output_tokens, 1e15));
  return fmt::format("{} for the input and {} for an answer of {} tokens{}, together {}",
                     in_dollars(input), in_dollars(output), text::with_commas(tokens),
                     is_set ? "" : ", the most it can have", in_dollars(input + output));
}

/// Checks the cost; `spent` is what earlier requests of the answer have cost, in US dollars.
Result<void> check_cost(const Plan& plan, const FinalBody& body, std::size_t tokens, double most,
                        double spent) {
  const auto price = body.price();
  if (!price) {
    // A local server costs nothing.
    if (http::is_own_machine(plan.url)) return {};
    return too_large(fmt::format(
        "The price of {0} is not known, so max_cost cannot be checked: set price in a table "
        "[facts.\"{0}\"] of your config.md, or remove max_cost",
        text::printable_name(body.model(), kLongestKey)));
  }
  const auto output_tokens = body.output_tokens();
  if (!output_tokens) return tl::unexpected(output_tokens.error());
  const double input = static_cast<double>(tokens) * price->input / kPricedTokens;
  const double output = *output_tokens * price->output / kPricedTokens;
  if (spent + input + output <= most) return {};
  const std::string before =
      spent > 0 ? fmt::format("The answer has cost {} so far. ", in_dollars(spent)) : "";
  return too_large(fmt::format(
      "{}The chat is about {} tokens and would cost about {}, more than max_cost = ${}: {}shorten "
      "it or raise the setting",
      before, text::with_commas(tokens), in_parts(input, output, *output_tokens, body.sets_limit()),
      most, *output_tokens > 0 && !body.sets_limit() ? "set max_tokens, " : ""));
}

}  // namespace

Result<void> check_limits(const Plan& plan, const Chat& chat, const wire::Prompt& prompt) {
  const auto most = chat.settings.number("max_input_tokens");
  const auto cost = chat.settings.number("max_cost");
  if (!plan.input_tokens || (!most && !cost)) return {};
  if (prompt.web_search) {
    // What a search finds is billed as input, and nobody knows how much it is.
    return too_large(fmt::format("With web_search {} cannot be checked: remove one of them",
                                 most ? "max_input_tokens" : "max_cost"));
  }
  if (const auto key = uncountable(chat.settings.demands())) {
    return too_large(fmt::format("With {} in the document {} cannot be checked: remove one of them",
                                 text::printable_name(*key, kLongestKey),
                                 most ? "max_input_tokens" : "max_cost"));
  }
  const FinalBody body(plan, chat, prompt);
  const std::size_t tokens = *plan.input_tokens + body.added_tokens();
  if (most && static_cast<double>(tokens) > *most) {
    return too_large(fmt::format(
        "The chat is about {} tokens, more than max_input_tokens = {}: shorten it or "
        "raise the setting",
        text::with_commas(tokens), text::with_commas(static_cast<std::uint64_t>(*most))));
  }
  return cost ? check_cost(plan, body, tokens, *cost, chat.spent) : Result<void>();
}

}  // namespace chatvim::chat
