// SPDX-License-Identifier: Apache-2.0
#include "chatvim/provider/model_list.hpp"

#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

namespace chatvim::provider {
namespace {

constexpr std::string_view kGeminiPrefix = "models/";

const Json* field(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string text(const Json& object, const char* key) {
  const Json* value = field(object, key);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

/// Returns the first of the fields that holds a number above 0.
std::optional<std::int64_t> count(const Json& object, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    const Json* value = field(object, key);
    if (value != nullptr && value->is_number() && value->get<double>() > 0) {
      return value->get<std::int64_t>();
    }
  }
  return std::nullopt;
}

/// Reads a price. OpenRouter sends dollars per token as a string; the result is per million.
std::optional<double> per_million(const Json& prices, const char* key) {
  const std::string word = text(prices, key);
  double value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (word.empty() || error != std::errc{} || end != word.data() + word.size() || value < 0) {
    return std::nullopt;
  }
  constexpr double kMillion = 1e6;
  return value * kMillion;
}

std::optional<Price> price_of(const Json& entry) {
  const Json* prices = field(entry, "pricing");
  if (prices == nullptr) return std::nullopt;
  const auto input = per_million(*prices, "prompt");
  const auto output = per_million(*prices, "completion");
  if (!input || !output) return std::nullopt;
  return Price{*input, *output, per_million(*prices, "input_cache_read")};
}

Model model_of(const Json& entry) {
  Model model;
  model.name = entry.is_string() ? entry.get<std::string>() : text(entry, "id");
  if (model.name.empty()) model.name = text(entry, "name");
  if (model.name.starts_with(kGeminiPrefix)) model.name.erase(0, kGeminiPrefix.size());
  model.context = count(entry, {"context_length", "context_window", "max_context_length",
                                "max_model_len", "max_input_tokens", "inputTokenLimit"});
  model.max_output = count(entry, {"max_completion_tokens", "max_tokens", "outputTokenLimit"});
  if (const Json* meta = field(entry, "meta"); meta != nullptr && !model.context) {
    model.context = count(*meta, {"n_ctx", "n_ctx_train"});
  }
  if (const Json* top = field(entry, "top_provider"); top != nullptr && !model.max_output) {
    model.max_output = count(*top, {"max_completion_tokens"});
  }
  model.price = price_of(entry);
  return model;
}

}  // namespace

Result<ModelPage> read_model_page(std::string_view body) {
  const Json json = Json::parse(body, nullptr, false);
  const Json* list = json.is_array() ? &json : field(json, "data");
  if (list == nullptr) list = field(json, "models");
  if (list == nullptr || !list->is_array()) {
    return tl::unexpected(Error{ErrorCode::kProtocol, "the answer is not a list of models"});
  }
  ModelPage page;
  for (const Json& entry : *list) {
    Model model = model_of(entry);
    if (!model.name.empty()) page.models.push_back(std::move(model));
  }
  const Json* more = field(json, "has_more");
  if (more != nullptr && more->is_boolean() && more->get<bool>())
    page.after = text(json, "last_id");
  return page;
}

}  // namespace chatvim::provider
