// SPDX-License-Identifier: Apache-2.0
#include "chatvim/settings/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "chatvim/settings/schema.hpp"
#include "chatvim/text/utf8.hpp"
#include "check.hpp"
#include "demands.hpp"

namespace chatvim::settings {
namespace {

/// Lays `over` on `under`; tables of both are merged key by key, `levels` deep, everything else is
/// replaced.
void merge(Json& under, const Json& over, int levels) {
  for (const auto& [key, value] : over.items()) {
    const auto found = under.find(key);
    if (found == under.end()) {
      under[key] = value;
    } else if (levels > 1 && found->is_object() && value.is_object()) {
      merge(*found, value, levels - 1);
    } else {
      *found = value;
    }
  }
}

/// How deep a setting's tables are merged: `body` key by key; `providers` down to the keys of a
/// row's `headers` and `body`; `facts` down to the keys of a `price`.
int levels_of(std::string_view key) {
  if (key == "body") return 1;
  if (key == "providers" || key == "facts") return 3;
  return 0;
}

/// Whether a document has a say in what a layer holds.
bool is_of_document(const Layer& layer) {
  return layer.scope == Scope::kDocument || layer.chosen_by_document;
}

/// Whether a value does not replace that of a weaker layer: a document is not trusted to raise a
/// limit.
bool is_raised_limit(const Layer& layer, std::string_view key, const Json& value,
                     const Json& weaker) {
  if (!is_of_document(layer)) return false;
  const Option* option = find_option(schema(), key);
  return option != nullptr && option->limit && value.get<double>() > weaker.get<double>();
}

/// Adds the names of a list that another one lacks.
void add_names(Json& names, const Json& more) {
  for (const Json& name : more) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
}

/// What a layer changes of what documents demand: a document adds to it, a stronger layer of the
/// user's takes away what it sets itself. A model that the user has named as well is no demand.
void note_demands(Json& demands, const Layer& layer, const std::vector<std::string>& own_models) {
  const bool asks = layer.scope == Scope::kDocument;
  if (const auto model = layer.values->find("model"); model != layer.values->end()) {
    const auto& name = model->get_ref<const std::string&>();
    const bool is_own = std::find(own_models.begin(), own_models.end(), name) != own_models.end();
    demands.erase("model");
    if (asks && !is_own && !may_choose(name)) demands["model"] = name;
  }
  if (const auto body = layer.values->find("body"); body != layer.values->end()) {
    for (const auto& [key, value] : body->items()) {
      if (asks && !may_say(key, value)) {
        demands["body"][key] = value;
      } else if (demands.contains("body")) {
        demands["body"].erase(key);
      }
    }
  }
  const auto omit = layer.values->find("omit");
  if (omit == layer.values->end()) return;
  Json names = asks ? demands.value("omit", Json::array()) : Json::array();
  for (const Json& name : *omit) {
    if (asks && !may_omit(name.get_ref<const std::string&>()))
      add_names(names, Json::array({name}));
  }
  demands["omit"] = std::move(names);
}

/// The demands without tables and lists that turned out empty.
Json without_empty(Json demands) {
  for (const char* key : {"body", "omit"}) {
    if (demands.contains(key) && demands[key].empty()) demands.erase(key);
  }
  return demands;
}

const Json& empty_object() {
  static const Json kEmpty = Json::object();
  return kEmpty;
}

const Json& table(const Json& values, std::string_view key) {
  const auto found = values.find(key);
  return found == values.end() ? empty_object() : *found;
}

/// The delimiter that holds: a layer's, else the built-in one.
std::string delimiter(const Json& values, std::string_view name) {
  const auto found = values.find(name);
  if (found != values.end()) return found->get<std::string>();
  return std::string(find_option(schema(), name)->fallback);
}

/// Where the later of two delimiters stands in the document, as far as it has them.
Mark later_place(std::span<const Layer> layers, std::string_view one, std::string_view other) {
  const auto document = std::find_if(layers.rbegin(), layers.rend(), [](const Layer& layer) {
    return layer.scope == Scope::kDocument;
  });
  const auto layer = document == layers.rend() ? layers.rbegin() : document;
  Mark later;
  if (layer == layers.rend()) return later;
  for (const auto& [name, at] : layer->delimiter_places) {
    if (name != one && name != other) continue;
    if (std::tie(at.line, at.column) > std::tie(later.line, later.column)) later = at;
  }
  return later;
}

}  // namespace

Settings::Settings(std::span<const Layer> layers) {
  Json values = Json::object();
  Json demands = Json::object();
  for (const Layer& layer : layers) {
    if (!layer.values) continue;
    note_demands(demands, layer, own_strings_["model"]);
    for (const auto& [key, value] : layer.values->items()) {
      if (layer.scope != Scope::kDocument && value.is_string()) {
        own_strings_[key].push_back(value.get<std::string>());
      }
      if (layer.chosen_by_document && key == "allow") continue;
      const int levels = levels_of(key);
      const auto found = values.find(key);
      if (levels > 0 && found != values.end()) {
        merge(*found, value, levels);
      } else if (key == "omit" && found != values.end() && layer.scope == Scope::kDocument) {
        add_names(*found, value);
      } else if (found == values.end() || !is_raised_limit(layer, key, value, *found)) {
        values[key] = value;
      }
    }
  }
  const auto names = delimiter_names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (std::size_t j = i + 1; j < names.size(); ++j) {
      const std::string text = delimiter(values, names[i]);
      if (text != delimiter(values, names[j])) continue;
      diagnostics_.push_back({later_place(layers, names[i], names[j]), Severity::kError,
                              fmt::format("{} and {} must differ; both are \"{}\".", names[i],
                                          names[j], text::printable(text, 60))});
    }
  }
  values_ = std::make_shared<const Json>(std::move(values));
  demands_ = std::make_shared<const Json>(without_empty(std::move(demands)));
}

std::optional<std::string> Settings::string(std::string_view key) const {
  const auto found = values_->find(key);
  if (found == values_->end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

std::optional<double> Settings::number(std::string_view key) const {
  const auto found = values_->find(key);
  if (found == values_->end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

std::vector<std::pair<std::string, Json>> Settings::parameters() const {
  std::vector<std::pair<std::string, Json>> parameters;
  for (const Option& option : schema()) {
    const auto found = option.parameter ? values_->find(option.name) : values_->end();
    if (found != values_->end()) parameters.emplace_back(option.name, *found);
  }
  return parameters;
}

const Json& Settings::body() const { return table(*values_, "body"); }

std::vector<std::string> Settings::strings(std::string_view key) const {
  const auto found = values_->find(key);
  return found == values_->end() ? std::vector<std::string>()
                                 : found->get<std::vector<std::string>>();
}

std::vector<std::string> Settings::omit() const { return strings("omit"); }

const Json& Settings::demands() const { return *demands_; }

const std::vector<std::string>& Settings::own_strings(std::string_view key) const {
  static const std::vector<std::string> kNone;
  const auto found = own_strings_.find(key);
  return found == own_strings_.end() ? kNone : found->second;
}

const Json& Settings::facts() const { return table(*values_, "facts"); }

const Json& Settings::providers() const { return table(*values_, "providers"); }

const std::vector<Diagnostic>& Settings::diagnostics() const { return diagnostics_; }

}  // namespace chatvim::settings
