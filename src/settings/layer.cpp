// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "chatvim/settings/schema.hpp"
#include "chatvim/settings/settings.hpp"
#include "chatvim/text/utf8.hpp"
#include "check.hpp"
#include "node.hpp"
#include "source.hpp"
#include "toml.hpp"
#include "yaml.hpp"

namespace chatvim::settings {
namespace {

Layer refused(Diagnostic diagnostic) {
  Layer layer;
  layer.values = std::make_shared<const Json>(Json::object());
  layer.diagnostics.push_back(std::move(diagnostic));
  return layer;
}

Layer refused(std::string message) {
  return refused(Diagnostic{{}, Severity::kError, std::move(message)});
}

Layer checked(const Node& table, Scope scope, Checker checker) {
  Layer layer;
  layer.scope = scope;
  layer.values = std::make_shared<const Json>(checker.check(table));
  layer.diagnostics = checker.take_diagnostics();
  for (const std::string_view name : delimiter_names()) {
    const Member* member = table.find(name);
    if (member && member->value->at.line > 0) {
      layer.delimiter_places.emplace_back(name, member->value->at);
    }
  }
  return layer;
}

void fill_if_empty(Json& value) {
  if (value.is_array() && value.empty()) value = Json::object();
}

/// Makes tables of empty lists where tables belong: an empty table of Lua arrives as an empty list.
void fill_empty_tables(Json& values, std::span<const Option> options) {
  fill_if_empty(values);
  if (!values.is_object()) return;
  for (const Option& option : options) {
    const bool table = option.type == Type::kTable || option.type == Type::kStringTable;
    const auto found = table ? values.find(option.name) : values.end();
    if (found == values.end()) continue;
    fill_if_empty(*found);
    if (option.name != "providers" || !found->is_object()) continue;
    for (auto& row : *found) fill_empty_tables(row, provider_schema());
  }
}

Layer checked_json(const Json& values, Scope scope, Unknown unknown, std::string_view path) {
  const std::string name(path.empty() ? "The table of settings" : path);
  std::string why;
  const NodePtr node = from_json(values, why);
  if (!node) return refused(fmt::format("{} {}.", name, why));
  if (node->kind != Kind::kTable) {
    return refused(fmt::format("{} must be a table, not {}.", name, describe(*node)));
  }
  return checked(*node, scope, Checker(scope, unknown, path.empty() ? "" : name + "."));
}

/// What a word after `=` means: the TOML value that it is, else its text.
Json read_value(const std::string& word) {
  // Inside an inline table no comment and no second line can follow the value.
  const std::string text = "v = {v = " + word + "}";
  const auto parsed = parse_toml(Source(text, 1));
  if (!parsed || (*parsed)->members.size() != 1) return word;
  const Member* outer = (*parsed)->find("v");
  if (!outer || outer->value->members.size() != 1) return word;
  const Member* inner = outer->value->find("v");
  if (!inner || find_unsendable(*inner->value)) return word;
  return to_json(*inner->value);
}

/// Sets a dotted key; what is not a table on the way becomes one. False when a part of the key is
/// empty or there are too many.
bool assign(Json& values, std::string_view key, Json value) {
  Json* at = &values;
  for (int depth = 0; depth < kMaxDepth; ++depth) {
    const std::size_t dot = key.find('.');
    const std::string part(key.substr(0, dot));
    if (part.empty()) return false;
    if (!at->is_object()) *at = Json::object();
    at = &(*at)[part];
    if (dot == std::string_view::npos) {
      *at = std::move(value);
      return true;
    }
    key.remove_prefix(dot + 1);
  }
  return false;
}

}  // namespace

bool Layer::usable() const {
  return std::none_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& diagnostic) {
    return diagnostic.severity == Severity::kError;
  });
}

Layer read_layer(Language language, std::string_view text, int first_line, Scope scope) {
  const Source source(text, first_line);
  auto parsed = language == Language::kToml ? parse_toml(source) : parse_yaml(source);
  if (!parsed) return refused(std::move(parsed.error()));
  return checked(**parsed, scope, Checker(scope, Unknown::kLeave, ""));
}

Layer check_layer(const Json& values, Scope scope, std::string_view path) {
  std::string why;
  if (!from_json(values, why)) return refused(fmt::format("{} {}.", path, why));
  Json filled = values;  // the limits hold: it is neither large nor deep
  fill_empty_tables(filled, schema());
  return checked_json(filled, scope, Unknown::kLeave, path);
}

Layer read_assignments(std::span<const std::string> words) {
  Json values = Json::object();
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    const std::string shown = text::printable(word.substr(0, equals), 60);
    if (equals == std::string::npos) {
      return refused(fmt::format("{} is no setting; it must be KEY=VALUE.", shown));
    }
    if (!assign(values, std::string_view(word).substr(0, equals),
                read_value(word.substr(equals + 1)))) {
      return refused(fmt::format("\"{}\" is no key of a setting.", shown));
    }
  }
  return checked_json(values, Scope::kConfiguration, Unknown::kRefuse, "");
}

}  // namespace chatvim::settings
