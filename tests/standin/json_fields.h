// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace chatvim::standin {

// Reads the keys of a JSON object, checks their types, and records which were read, so that a
// misspelt key in a script is an error. `error` gets the first error of a whole script. The JSON
// object must outlive this one.
class JsonFields {
 public:
  // `where` names the object in error messages.
  JsonFields(const nlohmann::json& value, std::string where, std::string& error);

  const std::string& where() const { return where_; }
  // Returns the value of `key`, or null if it is missing.
  const nlohmann::json* find(std::string_view key);
  // Returns the value of `key` in the requested type, or `fallback` if it is missing or has another
  // type.
  std::string text(std::string_view key, std::string fallback = {});
  bool flag(std::string_view key, bool fallback);
  double number(std::string_view key, double fallback);
  std::size_t count(std::string_view key, std::size_t fallback, std::size_t least = 0);

  // Records an error at `key` of this object.
  void fail(std::string_view key, std::string_view problem);
  // Records an error if there are keys that were not read.
  void end();

 private:
  const nlohmann::json& value_;
  std::string where_;
  std::string& error_;
  std::set<std::string, std::less<>> seen_;
};

}  // namespace chatvim::standin
