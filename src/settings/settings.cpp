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

/// Merges `over` into `under`. Tables that are in both are merged key by key, `levels` deep;
/// everything else is replaced.
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

/// Returns how many levels of a setting's tables are merged: `body` key by key; `providers` down to
/// the keys of a row's `headers` and `body`; `facts` down to the keys of a `price`.
int levels_of(std::string_view key) {
  if (key == "body") return 1;
  if (key == "providers" || key == "facts") return 3;
  return 0;
}

/// Whether a document influenced what the layer contains.
bool is_of_document(const Layer& layer) {
  return layer.scope == Scope::kDocument || layer.chosen_by_document;
}

/// Returns the built-in value of a setting that is a number, or nothing.
std::optional<double> built_in_number(const Option& option) {
  const Json value = Json::parse(option.fallback, nullptr, false);
  return value.is_number() ? std::optional(value.get<double>()) : std::nullopt;
}

/// Whether a layer that a document influenced tries to raise a limit, in which case its value is
/// ignored. `weaker` is the value of the weaker layers, or null.
bool is_raised_limit(const Layer& layer, std::string_view key, const Json& value,
                     const Json* weaker) {
  if (!is_of_document(layer)) return false;
  const Option* option = find_option(schema(), key);
  if (option == nullptr || !option->limit) return false;
  const auto limit = weaker ? std::optional(weaker->get<double>()) : built_in_number(*option);
  return limit && value.get<double>() > *limit;
}

/// Appends the names that the list does not contain yet.
void add_names(Json& names, const Json& more) {
  for (const Json& name : more) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
}

/// Updates the demands of documents for a layer: a document adds demands, and a stronger layer of
/// the user's removes those for keys that it sets itself. A model that the user has named too is
/// not a demand.
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

/// Returns the demands without tables and lists that became empty.
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

/// Returns the effective delimiter: from a layer, else the built-in one.
std::string delimiter(const Json& values, std::string_view name) {
  const auto found = values.find(name);
  if (found != values.end()) return found->get<std::string>();
  return std::string(find_option(schema(), name)->fallback);
}

/// Returns the position of the later of two delimiters in the document, if known.
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
  Json tool_servers = Json::object();
  for (const Layer& layer : layers) {
    if (!layer.values) continue;
    note_demands(demands, layer, own_strings_["model"]);
    for (const auto& [key, value] : layer.values->items()) {
      if (layer.scope != Scope::kDocument && value.is_string()) {
        own_strings_[key].push_back(value.get<std::string>());
      }
      if (layer.chosen_by_document && key == "allow") continue;
      const int levels = levels_of(key);
      if (key == "tools" && value.is_object()) {
        tool_servers = value;  // only config.md has it, so there is nothing to merge
        continue;
      }
      const auto found = values.find(key);
      if (levels > 0 && found != values.end()) {
        merge(*found, value, levels);
      } else if (key == "omit" && found != values.end() && layer.scope == Scope::kDocument) {
        add_names(*found, value);
      } else if (!is_raised_limit(layer, key, value, found == values.end() ? nullptr : &*found)) {
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
  tool_servers_ = std::make_shared<const Json>(std::move(tool_servers));
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

std::optional<bool> Settings::boolean(std::string_view key) const {
  const auto found = values_->find(key);
  if (found == values_->end() || !found->is_boolean()) return std::nullopt;
  return found->get<bool>();
}

std::optional<std::vector<std::string>> Settings::tools() const {
  if (!values_->contains("tools")) return std::nullopt;
  return strings("tools");
}

const Json& Settings::tool_servers() const { return *tool_servers_; }

std::size_t Settings::max_steps() const {
  constexpr std::string_view kKey = "max_steps";
  // An answer never has as many, and a double cannot overflow this.
  constexpr double kMost = 1e9;
  const auto steps = number(kKey);
  return static_cast<std::size_t>(
      std::min(steps ? *steps : *built_in_number(*find_option(schema(), kKey)), kMost));
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
