// SPDX-License-Identifier: Apache-2.0
#include "chatvim/settings/model_edit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "node.hpp"
#include "source.hpp"
#include "toml.hpp"
#include "yaml.hpp"

namespace chatvim::settings {
namespace {

constexpr std::string_view kKey = "model";

/// The end of a longer value is not looked for: each byte costs a look at those before it.
constexpr std::size_t kLongestValue = 4096;

constexpr const char* kUnclear =
    "The place of the model in the front matter is not clear: write it there by hand.";

/// The table that a text is, or null.
NodePtr parse(Language language, std::string_view text) {
  const Source source(text, 1);
  auto parsed = language == Language::kToml ? parse_toml(source) : parse_yaml(source);
  return parsed ? std::move(*parsed) : nullptr;
}

std::size_t offset_of(std::string_view text, Mark at) {
  return Source(text, 1).offset_of(static_cast<std::size_t>(at.line) - 1) +
         static_cast<std::size_t>(at.column) - 1;
}

/// True when the text is nothing but the key with that value.
bool says(Language language, std::string_view text, std::string_view value) {
  const NodePtr table = parse(language, text);
  if (!table || table->members.size() != 1 || table->members[0].key != kKey) return false;
  const Node& node = *table->members[0].value;
  return node.kind == Kind::kString && node.text == value;
}

/// Where a value ends: after the least that the parser reads as that value. Both languages have
/// many ways to write a text, and neither library says where each ends.
std::optional<std::size_t> find_end(Language language, std::string_view text, std::size_t key,
                                    std::size_t begin, std::string_view value) {
  const std::size_t last = std::min(text.size(), begin + kLongestValue);
  for (std::size_t end = begin + 1; end <= last; ++end) {
    if (says(language, text.substr(key, end - key), value)) return end;
  }
  return std::nullopt;
}

/// The name between double quotes, which TOML and YAML read alike.
std::string quote_double(std::string_view name) {
  std::string quoted = "\"";
  for (const char byte : name) {
    if (byte == '"' || byte == '\\') quoted += '\\';
    quoted += byte;
  }
  return quoted + '"';
}

std::string quote_single(std::string_view name) { return fmt::format("'{}'", name); }

/// The name as a value, in the quotes of `old` where they can hold it.
std::string write_value(Language language, std::string_view old, std::string_view name) {
  if (old.starts_with('\'') && name.find('\'') == std::string_view::npos) {
    return quote_single(name);
  }
  const bool quoted = language == Language::kToml || old.starts_with('"') || old.starts_with('\'');
  // Inside a flow mapping these would end a text without quotes.
  const bool plain = !quoted && name.find_first_of(",[]{}") == std::string_view::npos &&
                     says(language, fmt::format("{}: {}", kKey, name), name);
  return plain ? std::string(name) : quote_double(name);
}

/// A first line with the key.
Edit insert_line(Language language, std::string_view text, const Node& table,
                 std::string_view name) {
  const std::string value = write_value(language, "", name);
  if (language == Language::kToml) return {0, 0, fmt::format("{} = {}\n", kKey, value)};
  // The keys of one mapping stand in one column.
  const std::size_t indent =
      table.members.empty() ? 0 : static_cast<std::size_t>(table.members[0].at.column) - 1;
  const std::string_view before =
      table.members.empty() ? text.substr(0, 0)
                            : text.substr(offset_of(text, table.members[0].at) - indent, indent);
  const bool spaces = before.find_first_not_of(' ') == std::string_view::npos;
  return {0, 0, fmt::format("{:{}}{}: {}\n", "", spaces ? indent : 0, kKey, value)};
}

/// True when the second text says the same as the first but for the model, which is `name`.
bool differs_by_model(Language language, std::string_view before, std::string_view after,
                      std::string_view name) {
  const NodePtr old_table = parse(language, before);
  const NodePtr new_table = parse(language, after);
  if (!old_table || !new_table) return false;
  const auto layer = read_layer(language, after, 1, Scope::kDocument);
  if (!layer.usable() || layer.values->value(kKey, "") != name) return false;
  const auto others = [](const Node& table) {
    std::vector<std::string> keys;
    for (const Member& member : table.members) {
      if (member.key == kKey) continue;
      // What JSON has no form for is compared by what it is, such as a date.
      const bool sendable = find_unsendable(*member.value) == nullptr;
      keys.push_back(member.key + (sendable ? to_json(*member.value).dump() : ""));
    }
    return keys;
  };
  return others(*old_table) == others(*new_table);
}

}  // namespace

std::string Edit::apply(std::string_view to) const {
  return fmt::format("{}{}{}", to.substr(0, begin), text, to.substr(end));
}

tl::expected<Edit, std::string> edit_model(Language language, std::string_view text,
                                           std::string_view name) {
  const NodePtr table = parse(language, text);
  if (!table) return tl::unexpected(std::string(kUnclear));
  Edit edit;
  if (const Member* member = table->find(kKey)) {
    const std::size_t key = offset_of(text, member->at);
    edit.begin = offset_of(text, member->value->at);
    if (edit.begin <= key) return tl::unexpected(std::string(kUnclear));
    const auto end = find_end(language, text, key, edit.begin, member->value->text);
    if (!end) return tl::unexpected(std::string(kUnclear));
    edit.end = *end;
    edit.text = write_value(language, text.substr(edit.begin, edit.end - edit.begin), name);
    if (member->value->text == name) edit = {edit.begin, edit.begin, ""};
  } else {
    edit = insert_line(language, text, *table, name);
  }
  if (!differs_by_model(language, text, edit.apply(text), name)) {
    return tl::unexpected(std::string(kUnclear));
  }
  return edit;
}

}  // namespace chatvim::settings
