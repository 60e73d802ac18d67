// SPDX-License-Identifier: Apache-2.0
#include "chatvim/settings/value_edit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "node.hpp"
#include "source.hpp"
#include "toml.hpp"
#include "yaml.hpp"

namespace chatvim::settings {
namespace {

/// Limit for finding the end of a value, since each byte requires parsing all bytes before it
/// again.
constexpr std::size_t kLongestValue = 4096;

/// Parses a text as a table; null on error.
NodePtr parse(Language language, std::string_view text) {
  const Source source(text, 1);
  auto parsed = language == Language::kToml ? parse_toml(source) : parse_yaml(source);
  return parsed ? std::move(*parsed) : nullptr;
}

std::size_t offset_of(std::string_view text, Mark at) {
  return Source(text, 1).offset_of(static_cast<std::size_t>(at.line) - 1) +
         static_cast<std::size_t>(at.column) - 1;
}

std::string quote_single(std::string_view text) { return fmt::format("'{}'", text); }

/// Returns the text in double quotes, with escapes that TOML and YAML share.
std::string quote_double(std::string_view text) {
  std::string quoted = "\"";
  for (const char byte : text) {
    if (byte == '"' || byte == '\\') quoted += '\\';
    quoted += byte;
  }
  return quoted + '"';
}

/// Sets one key of a front matter to a value.
class Editor {
 public:
  Editor(Language language, std::string_view text, std::string_view key, const Json& value)
      : language_(language), text_(text), key_(key), value_(value) {}

  /// Returns the edit, or nothing if it is not clear where the value belongs.
  std::optional<Edit> edit() const {
    const NodePtr table = parse(language_, text_);
    if (!table) return std::nullopt;
    const Member* member = table->find(key_);
    const auto edit = member ? replace(*member) : insert_line(*table);
    return edit && differs_by_value(edit->apply(text_)) ? edit : std::nullopt;
  }

 private:
  std::optional<Edit> replace(const Member& member) const {
    const std::size_t key = offset_of(text_, member.at);
    const std::size_t begin = offset_of(text_, member.value->at);
    if (begin <= key || find_unsendable(*member.value)) return std::nullopt;
    const Json old = to_json(*member.value);
    const auto end = find_end(key, begin, old);
    if (!end) return std::nullopt;
    if (old == value_) return Edit{begin, begin, ""};
    return Edit{begin, *end, write_value(text_.substr(begin, *end - begin), member.value->at)};
  }

  /// Whether the text consists of nothing but the key with that value.
  bool says(std::string_view text, const Json& value) const {
    const NodePtr table = parse(language_, text);
    if (!table || table->members.size() != 1 || table->members[0].key != key_) return false;
    const Node& node = *table->members[0].value;
    return !find_unsendable(node) && to_json(node) == value;
  }

  /// Returns the end of a value: the shortest text that parses as that value. Both languages have
  /// many ways to write one, and neither library reports where one ends.
  std::optional<std::size_t> find_end(std::size_t key, std::size_t begin, const Json& value) const {
    const std::size_t last = std::min(text_.size(), begin + kLongestValue);
    for (std::size_t end = begin + 1; end <= last; ++end) {
      if (says(text_.substr(key, end - key), value)) return end;
    }
    return std::nullopt;
  }

  /// Returns the value in the form of the old one, which stands at `at`.
  std::string write_value(std::string_view old, Mark at) const {
    if (value_.is_string()) return write_string(old, value_.get_ref<const std::string&>());
    const bool is_block = language_ == Language::kYaml && old.starts_with('-');
    if (!is_block) return write_list();
    const auto indent = static_cast<std::size_t>(at.column) - 1;
    // A list on a line of its own has to stand to the right of its key.
    if (value_.empty()) return indent == 0 ? " []" : "[]";
    std::string list;
    for (const Json& item : value_) {
      list += fmt::format("{}- {}", list.empty() ? "" : fmt::format("\n{:{}}", "", indent),
                          write_string("", item.get_ref<const std::string&>()));
    }
    return list;
  }

  /// Returns a list in the form that both languages share.
  std::string write_list() const {
    std::string list;
    for (const Json& item : value_) {
      list += (list.empty() ? "" : ", ") + quote_double(item.get_ref<const std::string&>());
    }
    return fmt::format("[{}]", list);
  }

  /// Returns a string as a value, in the same quotes as `old` if they can hold it.
  std::string write_string(std::string_view old, std::string_view text) const {
    if (old.starts_with('\'') && text.find('\'') == std::string_view::npos) {
      return quote_single(text);
    }
    const bool quoted =
        language_ == Language::kToml || old.starts_with('"') || old.starts_with('\'');
    // Inside a flow mapping these would end an unquoted string.
    const bool plain = !quoted && text.find_first_of(",[]{}") == std::string_view::npos &&
                       says(fmt::format("{}: {}", key_, text), text);
    return plain ? std::string(text) : quote_double(text);
  }

  /// Returns an edit that inserts the key as the first line.
  Edit insert_line(const Node& table) const {
    const std::string value =
        value_.is_string() ? write_string("", value_.get_ref<const std::string&>()) : write_list();
    if (language_ == Language::kToml) return {0, 0, fmt::format("{} = {}\n", key_, value)};
    // All keys of a mapping start in the same column.
    const std::size_t indent =
        table.members.empty() ? 0 : static_cast<std::size_t>(table.members[0].at.column) - 1;
    const std::string_view before =
        table.members.empty()
            ? text_.substr(0, 0)
            : text_.substr(offset_of(text_, table.members[0].at) - indent, indent);
    const bool spaces = before.find_first_not_of(' ') == std::string_view::npos;
    return {0, 0, fmt::format("{:{}}{}: {}\n", "", spaces ? indent : 0, key_, value)};
  }

  /// Whether the edited text differs from the old one only in the value, and has the new one.
  bool differs_by_value(std::string_view after) const {
    const NodePtr old_table = parse(language_, text_);
    const NodePtr new_table = parse(language_, after);
    if (!old_table || !new_table) return false;
    const auto layer = read_layer(language_, after, 1, Scope::kDocument);
    if (!layer.usable() || layer.values->value(key_, Json()) != value_) return false;
    return others(*old_table) == others(*new_table);
  }

  /// Returns the other keys with their values.
  std::vector<std::string> others(const Node& table) const {
    std::vector<std::string> keys;
    for (const Member& member : table.members) {
      if (member.key == key_) continue;
      // A value that JSON cannot represent, such as a date, is compared by its key only.
      const bool sendable = find_unsendable(*member.value) == nullptr;
      keys.push_back(member.key + (sendable ? to_json(*member.value).dump() : ""));
    }
    return keys;
  }

  Language language_;
  std::string_view text_;
  std::string key_;
  const Json& value_;
};

}  // namespace

std::string Edit::apply(std::string_view to) const {
  return fmt::format("{}{}{}", to.substr(0, begin), text, to.substr(end));
}

tl::expected<Edit, std::string> edit_value(Language language, std::string_view text,
                                           std::string_view key, const Json& value) {
  if (auto edit = Editor(language, text, key, value).edit()) return std::move(*edit);
  return tl::unexpected(
      fmt::format("Set {} in the front matter by hand: it is not clear where it belongs.", key));
}

}  // namespace chatvim::settings
