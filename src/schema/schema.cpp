// SPDX-License-Identifier: Apache-2.0
#include "chatvim/schema/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "chatvim/text/utf8.hpp"
#include "keywords.hpp"

namespace chatvim::schema {

namespace {

constexpr std::size_t kMostBytes = 128UL * 1024;
constexpr std::size_t kMostDepth = 64;
constexpr std::size_t kMostNameBytes = 64;  ///< OpenAI's limit
constexpr std::size_t kMostReferenceBytes = 80;

tl::unexpected<Error> refused(std::string clause) {
  return tl::unexpected(Error{ErrorCode::kBadDocument, std::move(clause)});
}

bool is_name_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
         c == '-';
}

/// Returns a name for the request: the title of the schema, else the file's name without extension.
std::string request_name(const Json& schema, std::string_view file) {
  const auto title = schema.find("title");
  std::string name;
  if (title != schema.end() && title->is_string()) {
    name = title->get<std::string>();
  } else {
    file = file.substr(file.find_last_of('/') + 1);
    name = std::string(file.substr(0, file.find('.')));
  }
  name.resize(std::min(name.size(), kMostNameBytes));
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !is_name_character(c); }, '_');
  return name.empty() ? "answer" : name;
}

/// Returns what is wrong with the keywords of one schema, as a clause, or "".
std::string problem_of(const Json& root, const Json& schema) {
  for (const auto& [name, value] : schema.items()) {
    const Keyword* const keyword = find_keyword(name);
    if (keyword == nullptr) continue;
    if (!has_shape(value, keyword->shape)) {
      return fmt::format("has the keyword \"{}\", whose value must be {}", name,
                         name_of(keyword->shape));
    }
    if (name == "$ref" && follow(root, value) == nullptr) {
      return fmt::format(
          "refers to \"{}\", which is not in it; only a $ref such as \"#/$defs/NAME\" is supported",
          text::printable_name(value.get<std::string>(), kMostReferenceBytes));
    }
  }
  return "";
}

bool is_object_schema(const Json& schema) {
  const auto type = schema.find("type");
  return schema.contains("properties") || (type != schema.end() && *type == "object");
}

/// Whether an object schema forbids other properties and requires all of its own.
bool is_closed(const Json& schema) {
  const auto more = schema.find("additionalProperties");
  if (more == schema.end() || *more != false) return false;
  const auto properties = schema.find("properties");
  if (properties == schema.end()) return true;
  const Json required = schema.value("required", Json::array());
  const auto& items = properties->items();
  return std::all_of(items.begin(), items.end(), [&](const auto& property) {
    return std::find(required.begin(), required.end(), property.key()) != required.end();
  });
}

}  // namespace

Result<Schema> read_schema(std::string_view text, std::string_view file) {
  if (text.size() > kMostBytes) return refused("is larger than 128 KiB");
  if (depth_of(text) > kMostDepth) return refused("is nested more than 64 levels deep");
  auto value = std::make_shared<Json>(Json::parse(text, nullptr, false));
  if (value->is_discarded()) return refused("is not JSON");
  if (!value->is_object()) return refused("is not a JSON Schema: it must be an object");
  std::string problem;
  for_each_schema(*value, [&](const Json& schema) {
    if (problem.empty()) problem = problem_of(*value, schema);
  });
  if (!problem.empty()) return refused(std::move(problem));
  Schema schema;
  schema.name = request_name(*value, file);
  schema.file = file;
  schema.value = std::move(value);
  return schema;
}

std::vector<std::string> unchecked_keywords(const Json& schema) {
  std::set<std::string> names;
  for_each_schema(schema, [&names](const Json& one) {
    for (const auto& [name, value] : one.items()) {
      const Keyword* const keyword = find_keyword(name);
      if (keyword != nullptr && !keyword->is_checked) names.insert(name);
    }
  });
  return {names.begin(), names.end()};
}

bool is_strict(const Json& schema) {
  bool strict = true;
  for_each_schema(schema, [&strict](const Json& one) {
    strict = strict && (!is_object_schema(one) || is_closed(one));
  });
  return strict;
}

}  // namespace chatvim::schema
