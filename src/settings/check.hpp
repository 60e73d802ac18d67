// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/settings/schema.hpp"
#include "chatvim/settings/settings.hpp"
#include "node.hpp"

namespace chatvim::settings {

struct RowRules;

/// What a key that nobody knows is: somebody else's, or a mistake.
enum class Unknown { kLeave, kRefuse };

/// Checks a table of settings against the schema.
class Checker {
 public:
  /// `path` comes before each key in messages, such as "settings."; it may be empty.
  Checker(Scope scope, Unknown unknown, std::string_view path)
      : scope_(scope), unknown_(unknown), path_(path) {}

  /// The good values of a table as JSON; what is wrong is in `diagnostics` then.
  Json check(const Node& table);

  /// In the order of their places.
  std::vector<Diagnostic> take_diagnostics();

 private:
  void add(Mark at, Severity severity, std::string message);
  bool check_value(const Option& option, const Node& value, const std::string& name);
  bool check_rows(const RowRules& rules, const Node& table);
  bool check_row(const RowRules& rules, const Member& row);
  void check_unknown(const Member& member);
  void check_delimiters(const Node& table, Json& values);
  std::string name_in_messages(std::string_view key) const;

  Scope scope_;
  Unknown unknown_;
  std::string path_;
  std::vector<Diagnostic> diagnostics_;
};

/// The names of the three delimiters.
std::span<const std::string_view> delimiter_names();

}  // namespace chatvim::settings
