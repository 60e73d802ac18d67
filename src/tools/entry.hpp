// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chatvim/environment.hpp"
#include "chatvim/json.hpp"

namespace chatvim::tools {

/// Reads the values of one server's entry, with variables replaced. The first thing that is wrong
/// is kept.
class Entry {
 public:
  /// Both arguments must outlive the entry.
  Entry(const Json& table, const Environment& environment)
      : table_(table), environment_(environment) {}

  /// Return the value of a key, or an empty one if it is missing or wrong.
  std::string string(std::string_view key);
  std::vector<std::string> strings(std::string_view key);
  std::vector<std::pair<std::string, std::string>> string_table(std::string_view key);
  bool boolean(std::string_view key);
  std::optional<double> number(std::string_view key);
  /// Returns a string, a list of strings, or the values of a table of strings, as they are written:
  /// variables are not replaced.
  std::vector<std::string> written(std::string_view key) const;
  /// Whether the key has a value.
  bool has(std::string_view key) const { return find(key) != nullptr; }

  /// Notes that something is wrong: the rest of a sentence that begins with the server's name.
  void refuse(std::string why);
  /// Returns what is wrong, or "".
  const std::string& problem() const { return problem_; }

 private:
  const Json* find(std::string_view key) const;
  std::string expanded(const std::string& text);

  const Json& table_;
  const Environment& environment_;
  std::string problem_;
};

}  // namespace chatvim::tools
