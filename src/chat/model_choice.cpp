// SPDX-License-Identifier: Apache-2.0
#include "chatvim/chat/model_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "chatvim/provider/catalogue.hpp"
#include "chatvim/store/stored_keys.hpp"

namespace chatvim::chat {

namespace {

Error refused(std::string message) { return {ErrorCode::kBadArguments, std::move(message)}; }

/// Whether the name fits on one line of front matter.
bool is_name(std::string_view name) {
  const bool control = std::any_of(name.begin(), name.end(),
                                   [](unsigned char byte) { return byte < 0x20 || byte == 0x7F; });
  return !control && name.find_first_not_of(' ') != std::string_view::npos;
}

/// Returns what the picker shows for a model in addition to its name.
Json describe_facts(const provider::Model& model) {
  Json facts = Json::object();
  if (model.context) facts["context"] = *model.context;
  if (model.price)
    facts["price"] = {{"input", model.price->input}, {"output", model.price->output}};
  return facts;
}

}  // namespace

namespace {

/// Returns why there is no model to choose from, and what to do.
Error no_models(const provider::Table& table, const settings::Settings& settings,
                const Environment& environment) {
  const bool any = std::any_of(table.begin(), table.end(), [&](const provider::Provider& row) {
    return is_set_up(row, settings, environment);
  });
  if (!any) {
    return {ErrorCode::kNoKey,
            fmt::format("No provider has a key. {}", provider::key_advice(table))};
  }
  return {ErrorCode::kUnknownModel,
          "Name models in the provider's table in config.md, as in models = [\"NAME\"]: none is "
          "known."};
}

}  // namespace

bool is_set_up(const provider::Provider& row, const settings::Settings& settings,
               const Environment& environment) {
  const bool is_named = row.key.optional && settings.providers().contains(row.name);
  return is_named || provider::has_key(row, environment);
}

std::vector<provider::Model> models_of(const provider::Provider& row,
                                       const provider::Catalogue& catalogue) {
  std::vector<provider::Model> models;
  const auto add = [&models](provider::Model model) {
    const bool there = std::any_of(models.begin(), models.end(), [&model](const auto& other) {
      return other.name == model.name;
    });
    if (!there && !model.name.empty()) models.push_back(std::move(model));
  };
  auto names = row.models;
  names.push_back(row.default_model);
  for (const auto& name : names) {
    auto known = catalogue.find(row.name, name);
    add(known ? std::move(*known) : provider::Model{row.name, name, {}, {}, {}, {}, {}});
  }
  for (auto& model : catalogue.of(row.name)) add(std::move(model));
  return models;
}

Result<LineEdit> set_model(const Chat& chat, std::span<const std::string_view> lines,
                           const std::string& name, const Environment& environment) {
  if (!is_name(name)) return tl::unexpected(refused("A model's name is one line of text."));
  const auto table = store::provider_table(chat.settings.providers(), environment);
  if (!table) return tl::unexpected(table.error());
  const auto choice = provider::choose(*table, name, chat.settings.string("provider"), environment);
  if (!choice) return tl::unexpected(choice.error());
  return set_value(lines, "model", name);
}

std::optional<std::string> guess_of(const Chat& chat, const std::string& name,
                                    const Environment& environment) {
  const auto table = store::provider_table(chat.settings.providers(), environment);
  if (!table) return std::nullopt;
  const auto choice = provider::choose(*table, name, chat.settings.string("provider"), environment);
  if (!choice || !choice->provider->is_guess) return std::nullopt;
  return choice->provider->name;
}

Result<Json> list_models(const Chat& chat, const Environment& environment) {
  const auto& settings = chat.settings;
  const auto table = store::provider_table(settings.providers(), environment);
  if (!table) return tl::unexpected(table.error());
  const auto named = settings.string("provider");
  const auto leads_to = [&](const std::string& setting, const provider::Provider& row,
                            const std::string& model) {
    const auto choice = provider::choose(*table, setting, named, environment);
    return choice && choice->provider == &row && choice->model == model;
  };
  const auto current = provider::choose(*table, settings.string("model"), named, environment);
  const provider::Catalogue catalogue(settings.facts());
  Json list = Json::array();
  for (const auto& row : *table) {
    if (!is_set_up(row, settings, environment)) continue;
    for (const auto& model : models_of(row, catalogue)) {
      const std::string full = row.name + "/" + model.name;
      Json entry = describe_facts(model);
      entry["name"] = full;
      entry["setting"] = leads_to(model.name, row, model.name) ? model.name : full;
      entry["current"] = current && current->provider == &row && current->model == model.name;
      list.push_back(std::move(entry));
    }
  }
  if (list.empty()) return tl::unexpected(no_models(*table, settings, environment));
  return list;
}

}  // namespace chatvim::chat
