// SPDX-License-Identifier: Apache-2.0
// What a document requests beyond its rights. The user decides, once for each text.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "chatvim/chat/embeds.hpp"
#include "chatvim/store/stored_keys.hpp"
#include "chatvim/store/trust.hpp"
#include "chatvim/text/sha256.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::chat {

namespace {

/// Hex digits of a mark: 128 bits, short enough to copy by hand.
constexpr std::size_t kMarkDigits = 32;
/// Limit in bytes for the demands shown in a message; the full text is in `Demand::text`.
constexpr std::size_t kMostNamed = 300;

std::string names_of(const Json& demands) {
  std::string names;
  const auto add = [&names](const std::string& name) {
    names += (names.empty() ? "" : ", ") + name;
  };
  if (const auto body = demands.find("body"); body != demands.end()) {
    for (const auto& [key, value] : body->items()) add("body." + key);
  }
  if (const auto model = demands.find("model"); model != demands.end()) {
    add("model " + model->get<std::string>());
  }
  if (const auto omit = demands.find("omit"); omit != demands.end()) {
    for (const auto& name : *omit) add("omit " + name.get<std::string>());
  }
  return text::printable_name(names, kMostNamed);
}

Blocker body_demand(const Json& demands) {
  Demand demand{
      Demand::Kind::kBody, {}, demands.dump(2, ' ', false, Json::error_handler_t::replace)};
  demand.mark = text::sha256(demand.text).substr(0, kMarkDigits);
  Blocker blocker{
      {ErrorCode::kDemand,
       fmt::format("The document sets more of the request than a document may ({}), and "
                   "has to be allowed; nothing was sent.",
                   names_of(demands))}};
  blocker.demand = std::move(demand);
  return blocker;
}

Blocker server_demand(const provider::Provider& row) {
  Blocker blocker{
      {ErrorCode::kDemand,
       fmt::format("The document wants to be sent to {} at {}, which you have not used or named "
                   "yet, and has to be allowed; nothing was sent.",
                   row.name, row.base_url)}};
  blocker.demand = Demand{Demand::Kind::kServer, row.name, row.base_url};
  return blocker;
}

/// Whether the user's own settings name a row, as the provider or as the prefix of a model.
bool is_named(const provider::Table& table, const provider::Provider& row,
              const settings::Settings& settings, const Environment& environment) {
  const auto& providers = settings.own_strings("provider");
  if (std::find(providers.begin(), providers.end(), row.name) != providers.end()) return true;
  const auto& models = settings.own_strings("model");
  return std::any_of(models.begin(), models.end(), [&](const std::string& model) {
    const auto choice = provider::choose(table, model, std::nullopt, environment);
    return choice && choice->provider == &row;
  });
}

/// Whether a document chooses the model or provider. Most chats leave that to the user's settings
/// and need no table of providers here.
bool document_chooses(const settings::Settings& settings) {
  constexpr std::array<std::string_view, 2> kKeys = {"model", "provider"};
  return std::any_of(kKeys.begin(), kKeys.end(), [&settings](std::string_view key) {
    const auto value = settings.string(key);
    const auto& own = settings.own_strings(key);
    return value && std::find(own.begin(), own.end(), *value) == own.end();
  });
}

/// The built-in local server that a chat would go to.
struct Guess {
  provider::Provider row;
  bool named = false;  ///< in the user's own settings
};

std::optional<Guess> guess_of_chat(const settings::Settings& settings,
                                   const Environment& environment) {
  const auto table = store::provider_table(settings.providers(), environment);
  if (!table) return std::nullopt;
  const auto choice =
      provider::choose(*table, settings.string("model"), settings.string("provider"), environment);
  if (!choice || !choice->provider->is_guess) return std::nullopt;
  return Guess{*choice->provider, is_named(*table, *choice->provider, settings, environment)};
}

}  // namespace

std::string name_of(const Demand& demand) {
  return (demand.kind == Demand::Kind::kBody ? "body:" : "server:") + demand.mark;
}

std::optional<Blocker> find_demand(const Chat& chat, const Origin& origin,
                                   const Environment& environment) {
  const auto is_allowed = [&](const Demand& demand) {
    if (origin.allowed_demands.count(name_of(demand)) != 0) return true;
    const store::Trust trust(environment);
    return demand.kind == Demand::Kind::kBody
               ? origin.remembers && trust.allows_demands(demand.mark)
               : trust.allows_server(demand.mark);
  };
  if (!chat.settings.demands().empty()) {
    auto found = body_demand(chat.settings.demands());
    if (!is_allowed(*found.demand)) return found;
  }
  if (!document_chooses(chat.settings)) return std::nullopt;
  if (const auto guess = guess_of_chat(chat.settings, environment); guess && !guess->named) {
    auto found = server_demand(guess->row);
    if (!is_allowed(*found.demand)) return found;
  }
  return std::nullopt;
}

void remember_use(const Chat& chat, const Origin& origin, const Environment& environment) {
  const auto guess = guess_of_chat(chat.settings, environment);
  if (!guess || store::Trust(environment).allows_server(guess->row.name)) return;
  const bool allowed = origin.allowed_demands.count("server:" + guess->row.name) != 0;
  // If this fails, the user is asked again for the next document.
  if (guess->named || allowed) {
    static_cast<void>(store::Trust::remember_server(environment, guess->row.name));
  }
}

}  // namespace chatvim::chat
