// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "chatvim/json.hpp"

namespace chatvim::schema {

/// What a keyword's value must be.
enum class Shape {
  kAny,
  kString,
  kNumber,
  kCount,  ///< a whole number that is not negative
  kFlag,
  kList,
  kStrings,
  kTypes,      ///< the name of a type, or a list of them
  kSchema,     ///< an object, true or false
  kSchemas,    ///< a list of schemas that is not empty
  kSchemaMap,  ///< an object of schemas
};

/// A keyword of JSON Schema 2020-12 that restricts values, or holds schemas that can be referred
/// to. All others are annotations.
struct Keyword {
  std::string_view name;
  Shape shape = Shape::kAny;
  bool is_checked = true;  ///< `mismatch` knows it
};

/// Finds a keyword; null for an annotation.
const Keyword* find_keyword(std::string_view name);

/// Whether the value has the shape; for lists and objects of schemas, their members' too.
bool has_shape(const Json& value, Shape shape);

/// Returns the shape in words, such as "a string".
std::string_view name_of(Shape shape);

/// Calls back with a schema and, before or after it, every schema in it.
void for_each_schema(const Json& schema, const std::function<void(const Json&)>& callback);

/// Returns the schema that a local `$ref` leads to, or null. Any kind of nlohmann's JSON.
template <class Tree>
const Tree* follow(const Tree& root, const Tree& reference) {
  if (!reference.is_string()) return nullptr;
  const auto& text = reference.template get_ref<const std::string&>();
  if (text == "#") return &root;
  if (!text.starts_with("#/")) return nullptr;
  try {
    const typename Tree::json_pointer pointer(text.substr(1));
    if (!root.contains(pointer)) return nullptr;
    const Tree& found = root.at(pointer);
    return found.is_object() || found.is_boolean() ? &found : nullptr;
  } catch (const typename Tree::exception&) {
    return nullptr;
  }
}

/// Returns the nesting of JSON text, brackets in strings not counted.
std::size_t depth_of(std::string_view text);

}  // namespace chatvim::schema
