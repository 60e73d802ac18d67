// SPDX-License-Identifier: Apache-2.0
#include "json_fields.h"

#include <fmt/format.h>

namespace chatvim::standin {

using nlohmann::json;

JsonFields::JsonFields(const json& value, std::string where, std::string& error)
    : value_(value), where_(std::move(where)), error_(error) {
  if (!value_.is_object() && error_.empty()) error_ = fmt::format("{} must be an object", where_);
}

const json* JsonFields::find(std::string_view key) {
  if (!value_.is_object()) return nullptr;
  seen_.emplace(key);
  const auto found = value_.find(key);
  return found == value_.end() ? nullptr : &*found;
}

std::string JsonFields::text(std::string_view key, std::string fallback) {
  const json* value = find(key);
  if (value == nullptr) return fallback;
  if (value->is_string()) return value->get<std::string>();
  fail(key, "must be a string");
  return fallback;
}

bool JsonFields::flag(std::string_view key, bool fallback) {
  const json* value = find(key);
  if (value == nullptr) return fallback;
  if (value->is_boolean()) return value->get<bool>();
  fail(key, "must be true or false");
  return fallback;
}

double JsonFields::number(std::string_view key, double fallback) {
  const json* value = find(key);
  if (value == nullptr) return fallback;
  if (value->is_number() && value->get<double>() >= 0) return value->get<double>();
  fail(key, "must be a number of at least 0");
  return fallback;
}

std::size_t JsonFields::count(std::string_view key, std::size_t fallback, std::size_t least) {
  const json* value = find(key);
  if (value == nullptr) return fallback;
  if (value->is_number_unsigned() && value->get<std::size_t>() >= least) {
    return value->get<std::size_t>();
  }
  fail(key, fmt::format("must be a whole number of at least {}", least));
  return fallback;
}

void JsonFields::fail(std::string_view key, std::string_view problem) {
  if (error_.empty()) error_ = fmt::format("{}.{} {}", where_, key, problem);
}

void JsonFields::end() {
  if (!value_.is_object()) return;
  for (const auto& [key, value] : value_.items()) {
    if (seen_.count(key) == 0) fail(key, "is not known here");
  }
}

}  // namespace chatvim::standin
