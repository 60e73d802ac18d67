// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "chatvim/text/utf8.hpp"

namespace chatvim::settings {
namespace {

constexpr std::size_t kMaxDiagnostics = 100;

bool is_string(const NodePtr& node) { return node->kind == Kind::kString; }

bool is_strings(const Node& node) {
  return node.kind == Kind::kList && std::all_of(node.items.begin(), node.items.end(), is_string);
}

bool has_type(Type type, const Node& node) {
  switch (type) {
    case Type::kString:
      return node.kind == Kind::kString;
    case Type::kNumber:
      return node.kind == Kind::kInteger || (node.kind == Kind::kReal && std::isfinite(node.real));
    case Type::kInteger:
      return node.kind == Kind::kInteger;
    case Type::kStringOrStrings:
      return node.kind == Kind::kString || is_strings(node);
    case Type::kStrings:
      return is_strings(node);
    case Type::kStringTable:
      return node.kind == Kind::kTable &&
             std::all_of(node.members.begin(), node.members.end(),
                         [](const Member& member) { return is_string(member.value); });
    case Type::kBoolean:
      return node.kind == Kind::kBoolean;
    case Type::kTable:
      return node.kind == Kind::kTable;
  }
  return false;
}

/// The place that keeps a value from having its type: of a list the item that is no string.
const Node& culprit(Type type, const Node& node) {
  const bool strings = type == Type::kStrings || type == Type::kStringOrStrings;
  if (strings && node.kind == Kind::kList) {
    const auto item = std::find_if_not(node.items.begin(), node.items.end(), is_string);
    if (item != node.items.end()) return **item;
  }
  if (type == Type::kStringTable && node.kind == Kind::kTable) {
    for (const Member& member : node.members) {
      if (!is_string(member.value)) return *member.value;
    }
  }
  return node;
}

std::string wrong_type(Type type, const Node& node) {
  const Node& wrong = culprit(type, node);
  const bool inside = &wrong != &node;
  const bool scalar = wrong.kind != Kind::kTable && wrong.kind != Kind::kList &&
                      wrong.kind != Kind::kNull && wrong.kind != Kind::kString;
  const bool text = type == Type::kString || type == Type::kStringOrStrings || inside;
  return fmt::format("must be {}, {} {}{}", name_of(type), inside ? "but holds" : "not",
                     describe(wrong), text && scalar ? "; text stands in quotes" : "");
}

std::string list_names(std::span<const Option> options) {
  std::string names;
  for (const Option& option : options) {
    names += names.empty() ? "" : ", ";
    names += option.name;
  }
  return names;
}

}  // namespace

/// A setting whose value is a table of tables with keys of their own.
struct RowRules {
  std::string_view setting;
  std::string_view what;
  std::span<const Option> (*schema)();
  bool (*good_name)(std::string_view name);
  std::string_view bad_name;  ///< the rest of a sentence that starts with the row's name
};

namespace {

constexpr std::array kRowRules = {
    // In `model`, what stands before the first slash is the provider.
    RowRules{"providers", "provider", provider_schema,
             [](std::string_view name) {
               return name.find_first_not_of(" \t\r\n") != std::string_view::npos &&
                      name.find('/') == std::string_view::npos;
             },
             "cannot be a provider: its name must hold no slash and not be blank"},
    RowRules{"facts", "model", model_schema,
             [](std::string_view name) {
               const std::size_t slash = name.find('/');
               return slash != std::string_view::npos && slash > 0 && slash + 1 < name.size();
             },
             "cannot be a model: it is named as in [facts.\"PROVIDER/NAME\"]"},
};

}  // namespace

namespace {

/// Takes keys without a value out of the rows of `providers` and `facts`: they are not set.
Json without_null_rows(const Option& option, Json value) {
  const bool has_rows = std::any_of(kRowRules.begin(), kRowRules.end(), [&](const RowRules& rules) {
    return option.name == rules.setting;
  });
  if (!has_rows) return value;
  for (auto& row : value) {
    for (auto member = row.begin(); member != row.end();) {
      member = member->is_null() ? row.erase(member) : std::next(member);
    }
  }
  return value;
}

}  // namespace

std::span<const std::string_view> delimiter_names() {
  static constexpr std::array<std::string_view, 3> kNames = {"userDelimiter", "assistantDelimiter",
                                                             "systemDelimiter"};
  return kNames;
}

Json Checker::check(const Node& table) {
  Json values = Json::object();
  for (const Member& member : table.members) {
    const Option* option = find_option(schema(), member.key);
    const bool foreign =
        scope_ == Scope::kDocument && ((option && option->scope != Scope::kDocument) ||
                                       (!option && belongs_to_provider(member.key)));
    if (foreign) {
      add(member.at, Severity::kError,
          fmt::format("{} is not a document's to set; it belongs in your config.md.",
                      name_in_messages(member.key)));
    } else if (!option) {
      check_unknown(member);
    } else if (member.value->kind == Kind::kNull) {
      continue;  // `model:` with nothing after it is not set
    } else if (check_value(*option, *member.value, name_in_messages(member.key))) {
      values[member.key] = without_null_rows(*option, to_json(*member.value));
    }
  }
  check_delimiters(table, values);
  return values;
}

std::vector<Diagnostic> Checker::take_diagnostics() {
  std::stable_sort(diagnostics_.begin(), diagnostics_.end(),
                   [](const Diagnostic& a, const Diagnostic& b) {
                     return std::tie(a.at.line, a.at.column) < std::tie(b.at.line, b.at.column);
                   });
  if (diagnostics_.size() > kMaxDiagnostics) {
    // An error must not get lost behind a hundred warnings.
    const bool errors = std::any_of(diagnostics_.begin(), diagnostics_.end(),
                                    [](const auto& d) { return d.severity == Severity::kError; });
    if (errors) {
      std::erase_if(diagnostics_, [](const auto& d) { return d.severity != Severity::kError; });
    }
    diagnostics_.resize(std::min(diagnostics_.size(), kMaxDiagnostics));
  }
  return std::exchange(diagnostics_, {});
}

void Checker::add(Mark at, Severity severity, std::string message) {
  diagnostics_.push_back({at, severity, std::move(message)});
}

bool Checker::check_value(const Option& option, const Node& value, const std::string& name) {
  if (!has_type(option.type, value)) {
    const Node& wrong = culprit(option.type, value);
    add(wrong.at, Severity::kError, fmt::format("{} {}.", name, wrong_type(option.type, value)));
    return false;
  }
  for (const RowRules& rules : kRowRules) {
    if (option.name == rules.setting) return check_rows(rules, value);
  }
  if (const Node* unsendable = find_unsendable(value)) {
    add(unsendable->at, Severity::kError,
        fmt::format("{} holds {}, which JSON has no form for; as text it stands in quotes.", name,
                    describe(*unsendable)));
    return false;
  }
  const std::string wrong = option.check ? option.check(value) : std::string();
  if (!wrong.empty()) {
    add(value.at, Severity::kError, fmt::format("{} {}.", name, wrong));
    return false;
  }
  return true;
}

bool Checker::check_rows(const RowRules& rules, const Node& table) {
  bool good = true;
  for (const Member& row : table.members) good = check_row(rules, row) && good;
  return good;
}

bool Checker::check_row(const RowRules& rules, const Member& member_of_table) {
  const std::string path =
      name_in_messages(rules.setting) + "." + text::printable(member_of_table.key, 60);
  if (!rules.good_name(member_of_table.key)) {
    add(member_of_table.at, Severity::kError, fmt::format("{} {}.", path, rules.bad_name));
    return false;
  }
  const Node& row = *member_of_table.value;
  if (row.kind != Kind::kTable) {
    add(row.at, Severity::kError, fmt::format("{} must be a table, not {}.", path, describe(row)));
    return false;
  }
  bool good = true;
  for (const Member& member : row.members) {
    const std::string name = path + "." + text::printable(member.key, 60);
    if (const Option* option = find_option(rules.schema(), member.key)) {
      if (member.value->kind == Kind::kNull) continue;
      good = check_value(*option, *member.value, name) && good;
      continue;
    }
    const Option* near = find_near_option(rules.schema(), member.key);
    add(member.at, Severity::kError,
        near ? fmt::format("{} is no key of a {}; did you mean {}?", name, rules.what, near->name)
             : fmt::format("{} is no key of a {}; there are: {}.", name, rules.what,
                           list_names(rules.schema())));
    good = false;
  }
  return good;
}

void Checker::check_unknown(const Member& member) {
  const bool refuse = unknown_ == Unknown::kRefuse;
  const Severity severity = refuse ? Severity::kError : Severity::kWarning;
  const auto tell = [&](std::string_view what) {
    add(member.at, severity, fmt::format("{} {}.", name_in_messages(member.key), what));
  };
  if (belongs_to_provider(member.key)) {
    tell("does nothing here; it belongs in a table [providers.NAME]");
  } else if (const Option* near = find_near_option(schema(), member.key)) {
    add(member.at, severity,
        fmt::format("{} is no setting; did you mean {}?", name_in_messages(member.key),
                    near->name));
  } else if (refuse) {
    tell("is no setting");
  }
}

/// Two equal delimiters in one table: the later one is wrong. Across tables, see Settings.
void Checker::check_delimiters(const Node& table, Json& values) {
  std::vector<const Member*> seen;
  for (const Member& member : table.members) {
    const auto names = delimiter_names();
    const bool delimiter = std::find(names.begin(), names.end(), member.key) != names.end();
    if (!delimiter || !values.contains(member.key)) continue;
    const auto same = std::find_if(seen.begin(), seen.end(), [&](const Member* other) {
      return other->value->text == member.value->text;
    });
    if (same == seen.end()) {
      seen.push_back(&member);
      continue;
    }
    add(member.value->at, Severity::kError,
        fmt::format("{} must differ from {}; both are \"{}\".", name_in_messages(member.key),
                    (*same)->key, text::printable(member.value->text, 60)));
    values.erase(member.key);
  }
}

std::string Checker::name_in_messages(std::string_view key) const {
  return path_ + text::printable(key, 60);
}

}  // namespace chatvim::settings
