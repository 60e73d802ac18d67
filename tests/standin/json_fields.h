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

// Reads the keys of one JSON object, checking their types, and remembers which were read, so that
// a misspelt key of a script is an error. The first error of a whole script is kept in `error`.
// The object must outlive it.
class JsonFields {
 public:
  // `where` names the object in errors.
  JsonFields(const nlohmann::json& value, std::string where, std::string& error);

  const std::string& where() const { return where_; }
  // The value of `key`, or null if it is not there.
  const nlohmann::json* find(std::string_view key);
  // The value of `key` in the type wanted, or `fallback` if it is not there (or wrong).
  std::string text(std::string_view key, std::string fallback = {});
  bool flag(std::string_view key, bool fallback);
  double number(std::string_view key, double fallback);
  std::size_t count(std::string_view key, std::size_t fallback, std::size_t least = 0);

  // Notes an error at `key` of this object.
  void fail(std::string_view key, std::string_view problem);
  // Notes an error if there are keys that were not asked for.
  void end();

 private:
  const nlohmann::json& value_;
  std::string where_;
  std::string& error_;
  std::set<std::string, std::less<>> seen_;
};

}  // namespace chatvim::standin
