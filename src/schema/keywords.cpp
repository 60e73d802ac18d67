// SPDX-License-Identifier: Apache-2.0
#include "keywords.hpp"

#include <algorithm>
#include <array>

namespace chatvim::schema {

namespace {

// clang-format off
constexpr std::array kKeywords = {
  Keyword{"type", Shape::kTypes}, Keyword{"enum", Shape::kList}, Keyword{"const", Shape::kAny},
  Keyword{"properties", Shape::kSchemaMap}, Keyword{"required", Shape::kStrings},
  Keyword{"additionalProperties", Shape::kSchema},
  Keyword{"minProperties", Shape::kCount}, Keyword{"maxProperties", Shape::kCount},
  Keyword{"items", Shape::kSchema}, Keyword{"prefixItems", Shape::kSchemas},
  Keyword{"minItems", Shape::kCount}, Keyword{"maxItems", Shape::kCount},
  Keyword{"uniqueItems", Shape::kFlag},
  Keyword{"minLength", Shape::kCount}, Keyword{"maxLength", Shape::kCount},
  Keyword{"minimum", Shape::kNumber}, Keyword{"maximum", Shape::kNumber},
  Keyword{"exclusiveMinimum", Shape::kNumber}, Keyword{"exclusiveMaximum", Shape::kNumber},
  Keyword{"multipleOf", Shape::kNumber},
  Keyword{"anyOf", Shape::kSchemas}, Keyword{"allOf", Shape::kSchemas},
  Keyword{"oneOf", Shape::kSchemas}, Keyword{"not", Shape::kSchema},
  Keyword{"$ref", Shape::kString},
  Keyword{"$defs", Shape::kSchemaMap}, Keyword{"definitions", Shape::kSchemaMap},
  // Regular expressions of a file can take forever.
  Keyword{"pattern", Shape::kString, false},
  Keyword{"patternProperties", Shape::kSchemaMap, false},
  Keyword{"format", Shape::kString, false},
  Keyword{"if", Shape::kSchema, false}, Keyword{"then", Shape::kSchema, false},
  Keyword{"else", Shape::kSchema, false},
  Keyword{"contains", Shape::kSchema, false},
  Keyword{"minContains", Shape::kCount, false}, Keyword{"maxContains", Shape::kCount, false},
  Keyword{"propertyNames", Shape::kSchema, false},
  Keyword{"additionalItems", Shape::kSchema, false},
  Keyword{"unevaluatedItems", Shape::kSchema, false},
  Keyword{"unevaluatedProperties", Shape::kSchema, false},
  Keyword{"dependentSchemas", Shape::kSchemaMap, false},
  Keyword{"dependentRequired", Shape::kAny, false},
  Keyword{"dependencies", Shape::kAny, false},
  Keyword{"$dynamicRef", Shape::kString, false},
};
// clang-format on

constexpr std::array<std::string_view, 7> kTypes = {"string", "number", "integer", "boolean",
                                                    "null",   "array",  "object"};

bool is_type(const Json& value) {
  return value.is_string() && std::find(kTypes.begin(), kTypes.end(),
                                        value.get_ref<const std::string&>()) != kTypes.end();
}

bool is_schema(const Json& value) { return value.is_object() || value.is_boolean(); }

bool is_string(const Json& value) { return value.is_string(); }

bool is_list_of(const Json& value, bool (*is_one)(const Json&)) {
  return value.is_array() && std::all_of(value.begin(), value.end(), is_one);
}

/// Calls back with each schema that is the keyword's value or a member of it.
void for_each_in(const Json& value, Shape shape, const std::function<void(const Json&)>& callback) {
  if (shape == Shape::kSchema) {
    for_each_schema(value, callback);
  } else if (shape == Shape::kSchemas || shape == Shape::kSchemaMap) {
    for (const Json& member : value) for_each_schema(member, callback);
  }
}

}  // namespace

const Keyword* find_keyword(std::string_view name) {
  const auto found = std::find_if(kKeywords.begin(), kKeywords.end(),
                                  [name](const Keyword& keyword) { return keyword.name == name; });
  return found == kKeywords.end() ? nullptr : &*found;
}

bool has_shape(const Json& value, Shape shape) {
  switch (shape) {
    case Shape::kAny:
      return true;
    case Shape::kString:
      return value.is_string();
    case Shape::kNumber:
      return value.is_number();
    case Shape::kCount:
      return value.is_number_unsigned();
    case Shape::kFlag:
      return value.is_boolean();
    case Shape::kList:
      return value.is_array();
    case Shape::kStrings:
      return is_list_of(value, is_string);
    case Shape::kTypes:
      return is_type(value) || is_list_of(value, is_type);
    case Shape::kSchema:
      return is_schema(value);
    case Shape::kSchemas:
      return !value.empty() && is_list_of(value, is_schema);
    case Shape::kSchemaMap:
      return value.is_object() && std::all_of(value.begin(), value.end(), is_schema);
  }
  return false;
}

std::string_view name_of(Shape shape) {
  switch (shape) {
    case Shape::kAny:
      return "a value";
    case Shape::kString:
      return "a string";
    case Shape::kNumber:
      return "a number";
    case Shape::kCount:
      return "a whole number from 0";
    case Shape::kFlag:
      return "true or false";
    case Shape::kList:
      return "a list";
    case Shape::kStrings:
      return "a list of strings";
    case Shape::kTypes:
      return "the name of a type, or a list of them";
    case Shape::kSchema:
      return "a schema";
    case Shape::kSchemas:
      return "a list of schemas";
    case Shape::kSchemaMap:
      return "an object of schemas";
  }
  return "a value";
}

void for_each_schema(const Json& schema, const std::function<void(const Json&)>& callback) {
  if (!schema.is_object()) return;
  callback(schema);
  for (const auto& [name, value] : schema.items()) {
    const Keyword* const keyword = find_keyword(name);
    if (keyword != nullptr && has_shape(value, keyword->shape)) {
      for_each_in(value, keyword->shape, callback);
    }
  }
}

std::size_t depth_of(std::string_view text) {
  std::size_t depth = 0;
  std::size_t most = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') in_string = !in_string;
    if (in_string) {
      if (c == '\\') ++at;
    } else if (c == '[' || c == '{') {
      most = std::max(most, ++depth);
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return most;
}

}  // namespace chatvim::schema
