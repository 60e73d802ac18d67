// SPDX-License-Identifier: Apache-2.0
#include "arguments.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "chatvim/text/lines.hpp"

namespace chatvim::toolbox {
namespace {

/// Returns a number as models write it: whole, with a point, or in quotes.
std::optional<double> number_of(const Json& value) {
  if (value.is_number()) return value.get<double>();
  if (!value.is_string()) return std::nullopt;
  const Json inner = Json::parse(value.get_ref<const std::string&>(), nullptr, false);
  return inner.is_number() ? std::optional(inner.get<double>()) : std::nullopt;
}

}  // namespace

Arguments::Arguments(std::string_view json) {
  // Some models send nothing at all for no arguments.
  Json table = text::is_blank(json) ? Json::object() : Json::parse(json, nullptr, false);
  if (!table.is_object()) {
    refuse("Send the arguments as one JSON object, such as {\"path\": \"src\"}.");
    table = Json::object();
  }
  table_ = std::make_shared<const Json>(std::move(table));
}

void Arguments::refuse(std::string sentence) {
  if (problem_.empty()) problem_ = std::move(sentence);
}

const Json* Arguments::find(const char* key) const {
  const auto found = table_->find(key);
  return found == table_->end() || found->is_null() ? nullptr : &*found;
}

std::string Arguments::string(const char* key, const std::string& fallback) {
  const Json* value = find(key);
  if (value == nullptr) return fallback;
  if (value->is_string()) return value->get<std::string>();
  refuse(fmt::format("Send \"{}\" as a string.", key));
  return {};
}

std::string Arguments::required_string(const char* key, const char* example) {
  std::string value = string(key, "");
  if (value.empty())
    refuse(fmt::format("Send \"{0}\", such as {{\"{0}\": \"{1}\"}}.", key, example));
  return value;
}

std::vector<std::string> Arguments::strings(const char* key, std::size_t most) {
  std::vector<std::string> list;
  const Json* value = find(key);
  if (value == nullptr) return list;
  if (value->is_string()) return {value->get<std::string>()};
  const auto wrong = [&] {
    refuse(fmt::format("Send \"{}\" as a list of at most {} strings.", key, most));
    return std::vector<std::string>();
  };
  if (!value->is_array() || value->size() > most) return wrong();
  for (const Json& item : *value) {
    if (!item.is_string()) return wrong();
    list.push_back(item.get<std::string>());
  }
  return list;
}

std::size_t Arguments::number(const char* key, std::size_t fallback, std::size_t least,
                              std::size_t most) {
  const Json* value = find(key);
  if (value == nullptr) return fallback;
  const auto number = number_of(*value);
  // The comparison also rejects NaN.
  if (!number || !(*number >= static_cast<double>(least)) || std::floor(*number) != *number) {
    refuse(fmt::format("Send \"{}\" as a whole number, {} or more.", key, least));
    return fallback;
  }
  return *number >= static_cast<double>(most) ? most : static_cast<std::size_t>(*number);
}

bool Arguments::boolean(const char* key) {
  const Json* value = find(key);
  if (value == nullptr) return false;
  if (!value->is_boolean()) refuse(fmt::format("Send \"{}\" as true or false.", key));
  return *value == true;
}

}  // namespace chatvim::toolbox
