// SPDX-License-Identifier: Apache-2.0
#include "chatvim/provider/catalogue.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

namespace chatvim::provider {

// data/models.json, put into the program by cmake/Embed.cmake.
extern const unsigned char kModelData[];
extern const std::size_t kModelDataSize;

namespace {

/// The data file, read: the models of each provider in the file's order.
struct Data {
  std::string date;
  std::map<std::string, std::vector<Model>, std::less<>> models;
  std::map<std::string, std::string, std::less<>> default_models;
  std::map<std::string, std::vector<std::string>, std::less<>> responses_only;
};

template <class Value>
void read(const Json& table, const char* key, std::optional<Value>& out) {
  const auto found = table.find(key);
  if (found == table.end()) return;
  const bool fits = std::is_same_v<Value, bool> ? found->is_boolean() : found->is_number();
  if (fits) out = found->get<Value>();
}

void read_price(const Json& table, std::optional<Price>& out) {
  const auto price = table.find("price");
  if (price == table.end() || !price->is_object()) return;
  std::optional<double> input;
  std::optional<double> output;
  std::optional<double> cached;
  read(*price, "input", input);
  read(*price, "output", output);
  read(*price, "cached_input", cached);
  if (!out) out = Price{};
  if (input) out->input = *input;
  if (output) out->output = *output;
  // The data has 0 where no price of cached tokens is known.
  if (cached && (*cached > 0 || out->input == 0)) out->cached_input = cached;
}

/// Lays what a table says over what is known.
void read_facts(const Json& table, Model& out) {
  if (!table.is_object()) return;
  read(table, "context", out.context);
  read(table, "max_output", out.max_output);
  read(table, "images", out.images);
  read(table, "reasoning", out.reasoning);
  read_price(table, out.price);
}

Data read_data() {
  Data data;
  const Json json = Json::parse(kModelData, kModelData + kModelDataSize);
  data.date = json.at("date");
  for (const auto& [provider, models] : json.at("providers").items()) {
    auto& list = data.models[provider];
    list.reserve(models.size());
    for (const auto& [name, facts] : models.items()) {
      Model model;
      model.provider = provider;
      model.name = name;
      read_facts(facts, model);
      list.push_back(std::move(model));
    }
  }
  for (const auto& [provider, model] : json.at("default_models").items()) {
    data.default_models[provider] = model;
  }
  for (const auto& [provider, patterns] : json.at("responses_only").items()) {
    data.responses_only[provider] = patterns.get<std::vector<std::string>>();
  }
  return data;
}

const Data& data() {
  static const Data kData = read_data();
  return kData;
}

const std::vector<Model>& models_of(std::string_view provider) {
  static const std::vector<Model> kNone;
  const auto found = data().models.find(provider);
  return found == data().models.end() ? kNone : found->second;
}

/// The provider and the name that a key PROVIDER/NAME of the user's corrections says.
std::pair<std::string_view, std::string_view> split_key(std::string_view key) {
  const std::size_t slash = key.find('/');
  if (slash == std::string_view::npos) return {};
  return {key.substr(0, slash), key.substr(slash + 1)};
}

}  // namespace

Catalogue::Catalogue(const Json& corrections) : corrections_(corrections) {}

std::optional<Model> Catalogue::find(std::string_view provider, std::string_view name) const {
  const auto& known = models_of(provider);
  const auto found = std::find_if(known.begin(), known.end(),
                                  [name](const Model& model) { return model.name == name; });
  const auto correction = corrections_.is_object()
                              ? corrections_.find(std::string(provider).append("/").append(name))
                              : corrections_.end();
  const bool corrected = corrections_.is_object() && correction != corrections_.end();
  if (found == known.end() && !corrected) return std::nullopt;
  Model model = found == known.end() ? Model{} : *found;
  model.provider = provider;
  model.name = name;
  if (corrected) read_facts(*correction, model);
  return model;
}

std::vector<Model> Catalogue::of(std::string_view provider) const {
  std::vector<Model> list = models_of(provider);
  if (!corrections_.is_object()) return list;
  for (const auto& [key, facts] : corrections_.items()) {
    const auto [owner, name] = split_key(key);
    if (owner != provider || name.empty()) continue;
    const auto found = std::find_if(
        list.begin(), list.end(), [name = name](const Model& model) { return model.name == name; });
    if (found == list.end()) {
      list.push_back(*find(provider, name));
    } else {
      read_facts(facts, *found);
    }
  }
  return list;
}

const std::string& Catalogue::date() { return data().date; }

std::string Catalogue::default_model(std::string_view provider) {
  const auto found = data().default_models.find(provider);
  return found == data().default_models.end() ? std::string() : found->second;
}

std::vector<std::string> Catalogue::responses_only(std::string_view provider) {
  const auto found = data().responses_only.find(provider);
  return found == data().responses_only.end() ? std::vector<std::string>() : found->second;
}

std::int64_t Catalogue::safe_max_output(std::string_view provider) {
  const auto smallest = [](const std::vector<Model>& models, std::int64_t so_far) {
    for (const Model& model : models) {
      if (model.max_output && (so_far == 0 || *model.max_output < so_far)) {
        so_far = *model.max_output;
      }
    }
    return so_far;
  };
  std::int64_t limit = smallest(models_of(provider), 0);
  if (limit > 0) return limit;
  for (const auto& [name, models] : data().models) limit = smallest(models, limit);
  return limit;
}

std::optional<double> cost_of(const Model& model, const provider::Usage& usage) {
  if (!model.price || !usage.input || !usage.output) return std::nullopt;
  const Price& price = *model.price;
  const auto cached = static_cast<double>(usage.cached.value_or(0));
  const double fresh = std::max(static_cast<double>(*usage.input) - cached, 0.0);
  constexpr double kMillion = 1e6;
  return (fresh * price.input + cached * price.cached_input.value_or(price.input) +
          static_cast<double>(*usage.output) * price.output) /
         kMillion;
}

}  // namespace chatvim::provider
