// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "chatvim/settings/settings.hpp"

namespace chatvim::settings {

struct Node;

/// What a setting's value must be.
enum class Type {
  kString,
  kNumber,  ///< finite
  kInteger,
  kStringOrStrings,  ///< a string or a list of strings
  kStrings,          ///< a list of strings
  kBoolean,
  kStringTable,  ///< a table whose values are strings
  kTable         ///< a table of anything that JSON has a form for
};

/// One setting: the table of these is what checks, documentation, help and health read.
struct Option {
  /// Looks at a value that has the right type; what is wrong as the rest of a sentence that starts
  /// with the key's name, such as "must not be blank"; empty when nothing is.
  using Check = std::string (*)(const Node&);

  std::string_view name;
  Type type;
  Scope scope;     ///< kDocument: everywhere; kConfiguration: not in a document
  bool parameter;  ///< a parameter of the request, sent under the name that the provider wants
  Check check;     ///< may be null
  std::string_view
      fallback;            ///< the built-in value, escaped as in TOML's basic strings; empty: none
  std::string_view about;  ///< one sentence
  bool limit = false;      ///< a document may lower what the configuration says, not raise it
};

/// The settings of a front matter, in the order of the documentation and of the request.
std::span<const Option> schema();

/// The keys of a `[providers.NAME]` table of the configuration.
std::span<const Option> provider_schema();

/// The keys of a `[facts."PROVIDER/NAME"]` table of the configuration.
std::span<const Option> model_schema();

/// The option of that name, or null.
const Option* find_option(std::span<const Option> options, std::string_view name);

/// The option whose name is nearest to `key`, at most two edits away, or null. Keys of less than
/// three bytes are near to nothing.
const Option* find_near_option(std::span<const Option> options, std::string_view key);

/// A type in words, such as "a string".
std::string_view name_of(Type type);

/// True for the keys that say where a request goes and with which key: they stand in the
/// configuration's `[providers.NAME]` tables and never in a document.
bool belongs_to_provider(std::string_view key);

}  // namespace chatvim::settings
