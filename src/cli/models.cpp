// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "chatvim/chat/configuration.hpp"
#include "chatvim/chat/model_choice.hpp"
#include "chatvim/completion/remote_models.hpp"
#include "chatvim/http/curl_client.hpp"
#include "chatvim/loop/loop.hpp"
#include "chatvim/provider/catalogue.hpp"
#include "chatvim/store/keys.hpp"
#include "chatvim/text/utf8.hpp"
#include "commands.hpp"
#include "output.hpp"
#include "table.hpp"

namespace chatvim::cli {

namespace {

using Models = std::vector<provider::Model>;

constexpr std::size_t kLongestName = 200;

/// Returns the models of the requested providers according to Chatvim's data and configuration.
Models known_models(const Options& options, const Known& known) {
  const provider::Catalogue catalogue(known.settings.facts());
  Models models;
  for (const auto& row : known.table) {
    const bool wanted = options.name.empty() ? options.all || chat::is_set_up(row, known.settings,
                                                                              options.environment)
                                             : row.name == options.name;
    if (!wanted) continue;
    const Models more = chat::models_of(row, catalogue);
    models.insert(models.end(), more.begin(), more.end());
  }
  return models;
}

/// Says why there is no model to list, and what to do.
std::string why_none(const Options& options, const Known& known) {
  const bool any_set_up =
      !options.name.empty() || std::any_of(known.table.begin(), known.table.end(), [&](auto& row) {
        return chat::is_set_up(row, known.settings, options.environment);
      });
  if (any_set_up) {
    return "No model is listed: chatvim models --remote PROVIDER asks the server for its models; "
           "models or default_model in [providers.PROVIDER] of config.md adds them here.\n";
  }
  return "No provider is set up: none has a key, and none that needs no key has a table in "
         "config.md; chatvim providers lists the variables, chatvim models --all every model.\n";
}

/// Returns the models that the provider itself lists; missing facts are filled in from Chatvim's
/// data.
Result<Models> remote_models(const Options& options, const Known& known,
                             const provider::Provider& row) {
  http::CurlClient client(options.environment);
  loop::Loop loop(client);
  store::KeyRing keys(loop, options.environment);
  Result<Models> result = Models{};
  completion::RemoteModels query(client, keys, row, [&](Result<Models> models) {
    result = std::move(models);
    loop.post([&loop] { loop.quit(); });
  });
  query.start();
  loop.run();
  if (!result) return result;
  const provider::Catalogue catalogue(known.settings.facts());
  for (auto& model : *result) {
    model.provider = row.name;
    const auto facts = catalogue.find(row.name, model.name);
    if (!facts) continue;
    if (!model.context) model.context = facts->context;
    if (!model.max_output) model.max_output = facts->max_output;
    if (!model.images) model.images = facts->images;
    if (!model.reasoning) model.reasoning = facts->reasoning;
    if (!model.price) model.price = facts->price;
  }
  return result;
}

std::string number(const std::optional<std::int64_t>& count) {
  return count ? fmt::format("{}", *count) : "-";
}

std::string yes_no(const std::optional<bool>& value) {
  return !value ? "-" : *value ? "yes" : "no";
}

std::string dollars(const std::optional<provider::Price>& price) {
  if (!price) return "-";
  const std::string cached =
      price->cached_input ? fmt::format(" ({:.4g})", *price->cached_input) : "";
  return fmt::format("{:.4g}{} / {:.4g}", price->input, cached, price->output);
}

std::string full_name(const provider::Model& model) {
  return text::printable_name(model.provider + "/" + model.name, kLongestName);
}

std::string as_table(const Models& models) {
  std::size_t width = 5;
  for (const auto& model : models) width = std::max(width, full_name(model).size());
  std::string out = fmt::format("{:<{}}  {:>9}  {:>9}  {:<6}  {:<9}  {}\n", "MODEL", width,
                                "CONTEXT", "OUTPUT", "IMAGES", "REASONING", "PRICE");
  for (const auto& model : models) {
    out += fmt::format("{:<{}}  {:>9}  {:>9}  {:<6}  {:<9}  {}\n", full_name(model), width,
                       number(model.context), number(model.max_output), yes_no(model.images),
                       yes_no(model.reasoning), dollars(model.price));
  }
  return out;
}

/// Names are for programs, but one with a line break would pass for two.
std::string as_names(const Models& models) {
  std::string out;
  for (const auto& model : models) {
    out += text::printable_name(model.provider + "/" + model.name, std::string::npos) + "\n";
  }
  return out;
}

Json as_json(const Models& models) {
  Json list = Json::array();
  for (const auto& model : models) {
    Json entry = {{"provider", model.provider}, {"name", model.name}};
    if (model.context) entry["context"] = *model.context;
    if (model.max_output) entry["max_output"] = *model.max_output;
    if (model.images) entry["images"] = *model.images;
    if (model.reasoning) entry["reasoning"] = *model.reasoning;
    if (model.price) {
      entry["price"] = {{"input", model.price->input}, {"output", model.price->output}};
      if (model.price->cached_input) entry["price"]["cached_input"] = *model.price->cached_input;
    }
    list.push_back(std::move(entry));
  }
  return {{"date", provider::Catalogue::date()}, {"models", std::move(list)}};
}

}  // namespace

int models(const Options& options) {
  const auto known = read_known(options);
  if (!known) return report(known.error());
  const std::string& name = options.remote.empty() ? options.name : options.remote;
  Result<const provider::Provider*> row = nullptr;
  if (!name.empty()) row = find_provider(*known, name, options.environment);
  if (!row) return report(row.error());
  Models list;
  if (options.remote.empty()) {
    list = known_models(options, *known);
  } else {
    if (!(*row)->problem.empty()) return report({ErrorCode::kBadConfig, (*row)->problem});
    auto asked = remote_models(options, *known, **row);
    if (!asked) return report(asked.error());
    list = std::move(*asked);
  }
  if (options.names) return print(as_names(list));
  if (options.json) {
    return print(as_json(list).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  }
  if (list.empty() && options.remote.empty()) return print(why_none(options, *known));
  return print(as_table(list) +
               fmt::format("\nTokens, and US dollars per million tokens: input (cached) / output. "
                           "Data of {}.\n",
                           provider::Catalogue::date()));
}

}  // namespace chatvim::cli
