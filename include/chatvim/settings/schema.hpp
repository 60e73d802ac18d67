// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "chatvim/settings/settings.hpp"

namespace chatvim::settings {

struct Node;

/// The type of a setting's value.
enum class Type {
  kString,
  kNumber,  ///< finite
  kInteger,
  kStringOrStrings,  ///< a string or a list of strings
  kStrings,          ///< a list of strings
  kStringsOrTables,  ///< a list of strings; in config.md also a table of tables
  kBoolean,
  kStringTable,  ///< a table whose values are strings
  kTable         ///< a table of values that JSON can represent
};

/// One setting. Validation, documentation, help and health all read this table.
struct Option {
  /// Checks a value that already has the right type. Returns the rest of a sentence that starts
  /// with the key's name, such as "must not be blank", or "" if the value is valid.
  using Check = std::string (*)(const Node&);

  std::string_view name;
  Type type;
  Scope scope;     ///< kDocument: allowed anywhere; kConfiguration: not in a document;
                   ///< kConfigFile: only in config.md
  bool parameter;  ///< a request parameter, sent under the name that the provider uses
  Check check;     ///< may be null
  std::string_view
      fallback;  ///< the built-in value, escaped as in a TOML basic string; empty if there is none
  std::string_view about;  ///< one sentence
  bool limit = false;  ///< a document may lower the configured or built-in value but not raise it
  /// Common values, separated by spaces, for completion. A provider may take others.
  std::string_view values = {};
  /// Other programs use the key too: in a document, a value of another type is theirs and counts as
  /// unset, and keys like it are no typos.
  bool shared = false;
};

/// The settings of a front matter, in the order of the documentation and the request.
std::span<const Option> schema();

/// The keys of a `[providers.NAME]` table in the configuration.
std::span<const Option> provider_schema();

/// The keys of a `[facts."PROVIDER/NAME"]` table in the configuration.
std::span<const Option> model_schema();

/// The keys of a `[tools.NAME]` table in config.md.
std::span<const Option> tool_schema();

/// Returns the option of that name, or null.
const Option* find_option(std::span<const Option> options, std::string_view name);

/// Returns the option whose name is closest to `key`, at most two edits away, or null. A key of
/// less than three bytes has no match.
const Option* find_near_option(std::span<const Option> options, std::string_view key);

/// Returns the name of a type for messages, such as "a string".
std::string_view name_of(Type type);

/// Whether the key determines where a request goes and which API key it uses. Such keys belong in
/// the configuration's `[providers.NAME]` tables, never in a document.
bool belongs_to_provider(std::string_view key);

}  // namespace chatvim::settings
