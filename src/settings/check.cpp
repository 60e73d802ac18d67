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
#include "chatvim/tools/server.hpp"
#include "tool_rules.hpp"

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
    case Type::kStringsOrTables:
      return is_strings(node) || node.kind == Kind::kTable;
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

/// Returns the node that has the wrong type: for a list or table of strings, the item that is not a
/// string.
const Node& culprit(Type type, const Node& node) {
  const bool strings =
      type == Type::kStrings || type == Type::kStringOrStrings || type == Type::kStringsOrTables;
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
                     describe(wrong), text && scalar ? "; put text in quotes" : "");
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

/// The rules for a setting whose value is a table of tables with their own schema.
struct RowRules {
  std::string_view setting;
  std::string_view what;
  std::span<const Option> (*schema)();
  bool (*good_name)(std::string_view name);
  std::string_view bad_name;  ///< the rest of a sentence that starts with the row's name
  /// Checks what several keys of a row say together, like `Option::check`; may be null.
  std::string (*check)(const Member& row) = nullptr;
};

namespace {

constexpr std::array kRowRules = {
    // In `model`, the part before the first slash is the provider.
    RowRules{"providers", "provider", provider_schema,
             [](std::string_view name) {
               return name.find_first_not_of(" \t\r\n") != std::string_view::npos &&
                      name.find('/') == std::string_view::npos;
             },
             "cannot name a provider: it must not be blank or contain a slash"},
    RowRules{"facts", "model", model_schema,
             [](std::string_view name) {
               const std::size_t slash = name.find('/');
               return slash != std::string_view::npos && slash > 0 && slash + 1 < name.size();
             },
             "cannot name a model: write it as in [facts.\"PROVIDER/NAME\"]"},
    RowRules{"tools", "server of tools", tool_schema, tools::is_server_name,
             "cannot name a server of tools: use at most 40 letters, digits, - and single _",
             check_server},
};

}  // namespace

namespace {

/// Removes keys without a value from the rows of `providers`, `facts` and `tools`: they count as
/// unset.
Json without_null_rows(const Option& option, Json value) {
  const bool has_rows = std::any_of(kRowRules.begin(), kRowRules.end(), [&](const RowRules& rules) {
    return option.name == rules.setting;
  });
  if (!has_rows || !value.is_object()) return value;
  for (auto& row : value) {
    for (auto member = row.begin(); member != row.end();) {
      member = member->is_null() ? row.erase(member) : std::next(member);
    }
  }
  return value;
}

}  // namespace

namespace {

/// Whether a setting defines servers of tools, rather than choosing among them.
bool defines_tools(const Option& option, const Node& value) {
  return option.scope == Scope::kConfigFile ||
         (option.type == Type::kStringsOrTables && value.kind == Kind::kTable);
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
          fmt::format("{} cannot be set in a document; set it in your config.md.",
                      name_in_messages(member.key)));
    } else if (option && scope_ != Scope::kConfigFile && defines_tools(*option, *member.value)) {
      add(member.at, Severity::kError,
          fmt::format("Move {} to config.md: only there can it say what is run as a tool.",
                      name_in_messages(member.key)));
    } else if (!option) {
      check_unknown(member);
    } else if (member.value->kind == Kind::kNull) {
      continue;  // `model:` without a value counts as unset
    } else if (option->shared && scope_ == Scope::kDocument &&
               !has_type(option->type, *member.value)) {
      continue;
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
    // Do not let warnings crowd out an error.
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
    if (option.name == rules.setting && value.kind == Kind::kTable) return check_rows(rules, value);
  }
  if (const Node* unsendable = find_unsendable(value)) {
    add(unsendable->at, Severity::kError,
        fmt::format("{} holds {}, which JSON cannot represent; put it in quotes to use it as text.",
                    name, describe(*unsendable)));
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
        near
            ? fmt::format("{} is not a key of a {}; did you mean {}?", name, rules.what, near->name)
            : fmt::format("{} is not a key of a {}; its keys are: {}.", name, rules.what,
                          list_names(rules.schema())));
    good = false;
  }
  const std::string wrong = good && rules.check ? rules.check(member_of_table) : std::string();
  if (wrong.empty()) return good;
  add(member_of_table.at, Severity::kError, fmt::format("{} {}.", path, wrong));
  return false;
}

void Checker::check_unknown(const Member& member) {
  const bool refuse = unknown_ == Unknown::kRefuse;
  const Severity severity = refuse ? Severity::kError : Severity::kWarning;
  const auto tell = [&](std::string_view what) {
    add(member.at, severity, fmt::format("{} {}.", name_in_messages(member.key), what));
  };
  if (belongs_to_provider(member.key)) {
    tell("has no effect here; it belongs in a table [providers.NAME]");
  } else if (const Option* near = find_near_option(schema(), member.key)) {
    add(member.at, severity,
        fmt::format("{} is not a known setting; did you mean {}?", name_in_messages(member.key),
                    near->name));
  } else if (refuse) {
    tell("is not a known setting");
  }
}

/// If two delimiters in one table are equal, the later one is wrong. Across tables, see Settings.
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
