// SPDX-License-Identifier: Apache-2.0
#include "service_fields.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "chatvim/chat/mode.hpp"

namespace chatvim::editor {

namespace {

/// A list of texts that may be missing; what is no text is left out.
std::vector<std::string> optional_texts(const Json& map, const char* name) {
  std::vector<std::string> texts;
  const auto found = map.find(name);
  if (found == map.end() || !found->is_array()) return texts;
  for (const auto& text : *found) {
    if (text.is_string()) texts.push_back(text.get<std::string>());
  }
  return texts;
}

}  // namespace

const std::string& Fields::text(const char* name) {
  static const std::string kNone;
  const auto found = map.find(name);
  if (found != map.end() && found->is_string()) return found->get_ref<const std::string&>();
  problem = fmt::format("the field {} must be a string", name);
  return kNone;
}

chat::Mode Fields::mode() {
  const auto found = map.find("mode");
  if (found == map.end() || found->is_null()) return chat::Mode::kAnswer;
  const auto mode =
      found->is_string() ? chat::mode_of(found->get_ref<const std::string&>()) : std::nullopt;
  if (!mode) problem = "the field mode must be \"answer\", \"continue\" or \"retry\"";
  return mode.value_or(chat::Mode::kAnswer);
}

std::int64_t Fields::number(const char* name) {
  const auto found = map.find(name);
  if (found != map.end() && found->is_number_integer()) return found->get<std::int64_t>();
  problem = fmt::format("the field {} must be a whole number", name);
  return 0;
}

std::string optional_text(const Json& map, const char* name) {
  const auto found = map.find(name);
  return found != map.end() && found->is_string() ? found->get<std::string>() : std::string();
}

chat::Origin origin_of(const Json& map) {
  chat::Origin origin;
  // A buffer may have a name that is no path, such as "scp://host/chat.md".
  if (auto file = optional_text(map, "file"); file.starts_with('/')) origin.file = std::move(file);
  origin.folder = optional_text(map, "folder");
  origin.remembers = true;
  origin.asks = map.contains("asks") && map["asks"] == true;
  for (const auto& what : optional_texts(map, "allow")) {
    chat::allow(origin, what, [](const std::string& path) { return path; });
  }
  origin.without_context = optional_texts(map, "without_context");
  for (auto& mark : optional_texts(map, "confirmed")) origin.confirmed.insert(std::move(mark));
  for (auto& path : optional_texts(map, "unsaved")) origin.unsaved.insert(std::move(path));
  const auto buffers = map.find("buffers");
  if (buffers == map.end() || !buffers->is_object()) return origin;
  for (const auto& [path, text] : buffers->items()) {
    if (text.is_string()) origin.buffers[path] = text.get<std::string>();
  }
  return origin;
}

settings::Layer editor_layer(const Json& map) {
  const auto found = map.find("settings");
  const bool empty =
      found == map.end() || found->is_null() || (found->is_array() && found->empty());
  return settings::check_layer(empty ? Json::object() : *found, settings::Scope::kConfiguration,
                               "settings");
}

}  // namespace chatvim::editor
