// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "chatvim/json.hpp"

namespace chatvim::lsp {

/// Returns a member, or null if `object` has none or is not an object.
inline const Json& member(const Json& object, const char* key) {
  static const Json kNull;
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() ? *found : kNull;
}

/// Returns a member that is a string, else "".
inline const std::string& text_of(const Json& object, const char* key) {
  static const std::string kEmpty;
  const Json& value = member(object, key);
  return value.is_string() ? value.get_ref<const std::string&>() : kEmpty;
}

}  // namespace chatvim::lsp
