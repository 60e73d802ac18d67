// SPDX-License-Identifier: Apache-2.0
// Keys and values of the front matter.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "chatvim/chat/configuration.hpp"
#include "chatvim/chat/model_choice.hpp"
#include "chatvim/chat/tool_servers.hpp"
#include "chatvim/document/reader.hpp"
#include "chatvim/files/files.hpp"
#include "chatvim/provider/table.hpp"
#include "chatvim/store/stored_keys.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/text/number.hpp"
#include "chatvim/toolbox/file_tools.hpp"
#include "chatvim/tools/server.hpp"
#include "completion.hpp"

namespace chatvim::lsp {

namespace {

constexpr std::string_view kTable = "[";
/// Presets that are offered.
constexpr std::size_t kMostPresets = 1000;

bool is_yaml(Scene& scene) {
  return scene.chat.front_matter_kind() == document::FrontMatterKind::kYaml;
}

/// The keys that a table of the configuration takes, by the last header above a line: the
/// document's own outside of tables.
std::span<const settings::Option> options_at(Scene& scene, std::size_t line) {
  for (std::size_t i = line; i-- > 1;) {
    const std::string_view above = scene.chat.text().line(i);
    if (!above.starts_with(kTable)) continue;
    if (above.starts_with("[providers.")) {
      const bool is_inner = above.ends_with(".headers]") || above.ends_with(".body]");
      return is_inner ? std::span<const settings::Option>() : settings::provider_schema();
    }
    if (above.starts_with("[facts.")) return settings::model_schema();
    if (above.starts_with("[tools.")) {
      const bool is_inner = above.ends_with(".headers]") || above.ends_with(".env]");
      return is_inner ? std::span<const settings::Option>() : settings::tool_schema();
    }
    return {};
  }
  return settings::schema();
}

/// The keys that are set on other lines of the front matter.
std::set<std::string> keys_on_other_lines(Scene& scene, std::size_t line) {
  std::set<std::string> keys;
  const std::size_t body = scene.chat.body_line();
  const std::size_t end =
      body > 0 ? body - 1 : std::min(line + 50, scene.chat.text().lines().size());
  for (std::size_t i = 1; i < end; ++i) {
    const auto found = i == line ? std::nullopt : read_setting_line(scene.chat.text().line(i));
    if (found && found->has_sign) keys.insert(found->key);
  }
  return keys;
}

/// A value to begin with, `$0` where the cursor goes.
std::string value_snippet(settings::Type type) {
  switch (type) {
    case settings::Type::kString:
    case settings::Type::kStringOrStrings:
      return "\"$0\"";
    case settings::Type::kStrings:
    case settings::Type::kStringsOrTables:
      return "[\"$0\"]";
    default:
      return "$0";
  }
}

Completions complete_key(Scene& scene, Position at, const SettingLine& line) {
  Completions found{line.key_start, line.key_end, {}, false};
  const auto taken = keys_on_other_lines(scene, at.line);
  const bool yaml = is_yaml(scene);
  for (const settings::Option& option : options_at(scene, at.line)) {
    const std::string name(option.name);
    const bool is_allowed = option.scope <= scene.chat.scope();
    const bool is_table = !yaml && option.type == settings::Type::kTable;
    if (!is_allowed || is_table || taken.count(name) > 0) continue;
    const std::string sign = yaml ? ": " : " = ";
    const bool snippet = scene.client.snippets && !line.has_sign;
    // A value of YAML needs no quotes.
    const std::string value = !snippet ? ""
                              : yaml && option.type == settings::Type::kString
                                  ? "$0"
                                  : value_snippet(option.type);
    found.items.push_back({name, ItemKind::kProperty, line.has_sign ? name : name + sign + value,
                           snippet, std::string(name_of(option.type)), describe_option(option)});
  }
  return found;
}

/// Before there is any key: the model to begin with of each provider.
void add_models_without_key(const chat::Chat& chat, const Environment& environment,
                            std::vector<Item>& items) {
  const auto table = store::provider_table(chat.settings.providers(), environment);
  if (!table) return;
  for (const auto& row : *table) {
    if (row.default_model.empty()) continue;
    const auto& names = row.key.environment;
    items.push_back({row.name + "/" + row.default_model, ItemKind::kValue, "", false,
                     names.empty() ? "no key" : "no key: set " + names.front()});
  }
}

void add_models(Scene& scene, std::vector<Item>& items) {
  const chat::Chat* chat = scene.chat.usable();
  if (chat == nullptr) return;
  const auto models = chat::list_models(*chat, scene.chat.environment());
  const provider::Catalogue catalogue(chat->settings.facts());
  if (!models) return add_models_without_key(*chat, scene.chat.environment(), items);
  for (const Json& model : *models) {
    const std::string full = model.at("name");
    const std::size_t slash = full.find('/');
    const auto facts = catalogue.find(full.substr(0, slash), full.substr(slash + 1));
    items.push_back({model.at("setting"), ItemKind::kValue, "", false,
                     facts ? describe_model(*facts) : full.substr(0, slash)});
  }
}

void add_providers(Scene& scene, std::vector<Item>& items) {
  const chat::Chat* chat = scene.chat.usable();
  if (chat == nullptr) return;
  const auto table = store::provider_table(chat->settings.providers(), scene.chat.environment());
  if (!table) return;
  for (const auto& row : *table) {
    const bool has_key = row.key.optional || provider::has_key(row, scene.chat.environment());
    items.push_back({row.name, ItemKind::kValue, "", false, has_key ? row.base_url : "no key"});
  }
}

void add_presets(Scene& scene, std::vector<Item>& items) {
  const std::string folder = chat::configuration_folder(scene.chat.environment()) + "/presets";
  const auto resolved = files::system_files().resolve(folder);
  if (!resolved) return;
  const auto names = files::system_files().list(*resolved, kMostPresets);
  if (!names) return;
  for (const auto& entry : *names) {
    const std::string_view name = entry.name;
    if (entry.is_folder || !name.ends_with(".md") || name.starts_with('.')) continue;
    items.push_back({std::string(name.substr(0, name.size() - 3)), ItemKind::kValue});
  }
}

/// Adds the servers of tools, and the built-in tools.
void add_tools(Scene& scene, std::vector<Item>& items) {
  const chat::Chat* chat = scene.chat.usable();
  if (chat == nullptr) return;
  for (const auto& server : chat::tool_servers(chat->settings, scene.chat.environment()).servers) {
    const bool is_built_in = server.name == tools::kFileServer;
    items.push_back({server.name, ItemKind::kValue, "", false,
                     is_built_in ? "reads files of the project" : server.source});
  }
  for (const tools::Tool& tool : toolbox::file_tools()) {
    items.push_back({tool.label, ItemKind::kValue, "", false, "built in", tool.description});
  }
}

/// Adds words that are separated by spaces.
void add_words(std::vector<Item>& items, std::string_view words) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    items.push_back({std::string(words.substr(0, end)), ItemKind::kEnumMember});
    words.remove_prefix(std::min(end + 1, words.size()));
  }
}

/// Adds the parameters that `omit` can remove from a request.
void add_parameters(std::vector<Item>& items) {
  for (const settings::Option& option : settings::schema()) {
    if (option.parameter) items.push_back({std::string(option.name), ItemKind::kProperty});
  }
}

/// The values that are known for a key. Those of a provider's own are the common ones; others are
/// taken as well.
std::vector<Item> values_of(Scene& scene, const settings::Option& option) {
  std::vector<Item> items;
  const std::string_view key = option.name;
  if (key == "model" || key == "default_model") {
    add_models(scene, items);
  } else if (key == "provider") {
    add_providers(scene, items);
  } else if (key == "preset") {
    add_presets(scene, items);
  } else if (key == "omit") {
    add_parameters(items);
  } else if (key == "tools") {
    add_tools(scene, items);
  } else {
    add_words(items, option.type == settings::Type::kBoolean ? "true false" : option.values);
  }
  return items;
}

/// Quotes a value as TOML needs it, and YAML for some.
std::string quoted(const std::string& value, bool is_yaml_value, char quote) {
  if (quote != 0) return value;
  const bool is_plain =
      is_yaml_value && value.find_first_of(":#{}[],&*!|>'\"%@`") == std::string::npos;
  return is_plain ? value : fmt::format("\"{}\"", value);
}

Completions complete_value(Scene& scene, Position at, const SettingLine& line) {
  const std::string_view text = scene.chat.text().line(at.line);
  const auto options = options_at(scene, at.line);
  const settings::Option* option = settings::find_option(options, line.key);
  if (option == nullptr) return {};
  const bool yaml = is_yaml(scene);
  // The word under the cursor: inside its quotes, or behind a bracket, comma or the sign.
  const std::string_view before = text.substr(line.value_start, at.byte - line.value_start);
  const auto quotes = std::count(before.begin(), before.end(), '"') +
                      std::count(before.begin(), before.end(), '\'');
  const std::size_t mark = before.find_last_of(quotes % 2 == 1 ? "\"'" : "[, ");
  std::size_t start = line.value_start + (mark == std::string_view::npos ? 0 : mark + 1);
  const char quote = quotes % 2 == 1 ? before[mark] : '\0';
  std::size_t end = at.byte;
  const std::string_view stops = quote != 0 ? std::string_view("\"'") : std::string_view(" ,]#");
  while (end < text.size() && stops.find(text[end]) == std::string_view::npos) ++end;
  Completions found{start, end, {}, false};
  if (option->type == settings::Type::kBoolean && quote != 0) return found;
  found.items = values_of(scene, *option);
  if (option->type == settings::Type::kBoolean) return found;
  for (Item& item : found.items) item.text = quoted(item.label, yaml, quote);
  if (found.items.empty() && !option->fallback.empty()) {
    const std::string fallback(option->fallback);
    const bool is_string = option->type == settings::Type::kString;
    found.items.push_back({fallback, ItemKind::kValue,
                           is_string ? quoted(fallback, yaml, quote) : fallback, false, "default"});
  }
  return found;
}

/// Completes an item of a list in YAML, `- item`, by the key above it.
Completions complete_list_item(Scene& scene, Position at) {
  const std::string_view text = scene.chat.text().line(at.line);
  const std::size_t dash = text.find('-');
  if (at.byte <= dash) return {};
  SettingLine line;
  for (std::size_t i = at.line; i-- > 1;) {
    const auto above = read_setting_line(scene.chat.text().line(i));
    if (!above || !above->has_sign) continue;
    line.key = above->key;
    break;
  }
  line.value_start = std::min(text.find_first_not_of(' ', dash + 1), at.byte);
  return complete_value(scene, at, line);
}

}  // namespace

std::string describe_option(const settings::Option& option) {
  std::string text = fmt::format("**{}**: {}", option.name, name_of(option.type));
  if (!option.fallback.empty()) text += fmt::format(", `{}` by default", option.fallback);
  text += fmt::format("\n\n{}", option.about);
  if (option.parameter) text += "\n\nA parameter of the request; only sent if it is set.";
  return text;
}

std::string describe_model(const provider::Model& model) {
  std::string text = model.provider;
  if (model.context) {
    text += fmt::format(", {} tokens of context",
                        text::with_commas(static_cast<std::uint64_t>(*model.context)));
  }
  if (model.price) {
    text += fmt::format(", ${} in and ${} out per million tokens", model.price->input,
                        model.price->output);
  }
  return text;
}

Completions complete_front_matter(Scene& scene, Position at) {
  const std::string_view text = scene.chat.text().line(at.line);
  const auto line = read_setting_line(text);
  if (is_yaml(scene) && text::trim(text).starts_with('-')) return complete_list_item(scene, at);
  if (!line) {
    const bool is_empty = text.find_first_not_of(" \t") == std::string_view::npos;
    return is_empty ? complete_key(scene, at, {"", at.byte, at.byte, 0, false}) : Completions{};
  }
  if (at.byte <= line->key_end) return complete_key(scene, at, *line);
  if (!line->has_sign || at.byte < line->value_start) return {};
  return complete_value(scene, at, *line);
}

}  // namespace chatvim::lsp
