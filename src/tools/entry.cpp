// SPDX-License-Identifier: Apache-2.0
#include "entry.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "expand.hpp"

namespace chatvim::tools {

void Entry::refuse(std::string why) {
  if (problem_.empty()) problem_ = std::move(why);
}

const Json* Entry::find(std::string_view key) const {
  const auto found = table_.find(key);
  return found == table_.end() || found->is_null() ? nullptr : &*found;
}

std::string Entry::expanded(const std::string& text) {
  auto value = expand_variables(text, environment_);
  if (!value) refuse(std::move(value.error()));
  return value.value_or("");
}

std::string Entry::string(std::string_view key) {
  const Json* value = find(key);
  if (value == nullptr) return {};
  if (value->is_string()) return expanded(value->get_ref<const std::string&>());
  refuse(fmt::format("has a {} that is not a string", key));
  return {};
}

std::vector<std::string> Entry::written(std::string_view key) const {
  const Json* value = find(key);
  if (value == nullptr) return {};
  std::vector<std::string> list;
  if (value->is_string()) return {value->get<std::string>()};
  if (!value->is_structured()) return list;
  for (const Json& item : *value) {
    if (item.is_string()) list.push_back(item.get<std::string>());
  }
  return list;
}

std::vector<std::string> Entry::strings(std::string_view key) {
  const Json* value = find(key);
  std::vector<std::string> list;
  if (value == nullptr) return list;
  if (!value->is_array()) refuse(fmt::format("has {} that are not a list", key));
  for (const Json& item : *value) {
    if (!item.is_string()) {
      refuse(fmt::format("has {} that are not all strings", key));
      return {};
    }
    list.push_back(expanded(item.get_ref<const std::string&>()));
  }
  return list;
}

std::vector<std::pair<std::string, std::string>> Entry::string_table(std::string_view key) {
  std::vector<std::pair<std::string, std::string>> pairs;
  const Json* table = find(key);
  if (table == nullptr) return pairs;
  if (!table->is_object()) {
    refuse(fmt::format("has {} that are not a table", key));
    return pairs;
  }
  for (const auto& [name, value] : table->items()) {
    // Some files have numbers here, which a variable holds as text.
    const bool is_plain = value.is_number() || value.is_boolean();
    if (!is_plain && !value.is_string()) {
      refuse(fmt::format("has a value in {} that is not a string", key));
      return {};
    }
    pairs.emplace_back(name,
                       is_plain ? value.dump() : expanded(value.get_ref<const std::string&>()));
  }
  return pairs;
}

bool Entry::boolean(std::string_view key) {
  const Json* value = find(key);
  return value != nullptr && *value == true;
}

std::optional<double> Entry::number(std::string_view key) {
  const Json* value = find(key);
  return value != nullptr && value->is_number() ? std::optional(value->get<double>())
                                                : std::nullopt;
}

}  // namespace chatvim::tools
