// SPDX-License-Identifier: Apache-2.0
#include "chatvim/chat/configuration.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "chatvim/chat/chat.hpp"
#include "chatvim/files/read_file.hpp"
#include "chatvim/settings/schema.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::chat {

namespace fs = std::filesystem;

namespace {

Error bad_config(const std::string& path, const settings::Diagnostic& diagnostic) {
  return {ErrorCode::kBadConfig, describe_place(path, diagnostic)};
}

/// Adds the text of one file, whose layer overrides the earlier ones.
Result<void> add_text(Configuration& configuration, const std::string& path,
                      const std::string& bytes, settings::Scope scope) {
  if (const auto invalid = text::find_invalid_utf8(bytes)) {
    return tl::unexpected(
        Error{ErrorCode::kBadConfig,
              fmt::format("{} is not UTF-8 (byte {}): save it as UTF-8.", path, *invalid + 1)});
  }
  const auto lines = text::split_file(bytes);
  const auto part = read_part(lines, scope);
  for (const auto& diagnostic : part.layer.diagnostics) {
    if (diagnostic.severity == settings::Severity::kError)
      return tl::unexpected(bad_config(path, diagnostic));
    configuration.warnings.push_back(describe_place(path, diagnostic));
  }
  const std::vector<settings::Layer> own{part.layer};
  const settings::Settings settings(own);
  for (const auto& diagnostic : settings.diagnostics())
    return tl::unexpected(bad_config(path, diagnostic));
  auto messages =
      document::read_messages(std::span(lines).subspan(part.body_line), format_of(settings));
  for (auto& message : messages) {
    message.line += part.body_line;
    message.source = path;
  }
  configuration.layers.push_back(part.layer);
  configuration.messages.insert(configuration.messages.end(), messages.begin(), messages.end());
  return {};
}

/// Adds one configuration file.
Result<void> add_file(Configuration& configuration, const std::string& path,
                      settings::Scope scope) {
  const auto bytes = files::read_file(path);
  if (!bytes) return tl::unexpected(Error{ErrorCode::kBadConfig, bytes.error().message});
  return add_text(configuration, path, *bytes, scope);
}

/// Returns only the limits of a layer.
settings::Layer limits_of(const settings::Layer& layer) {
  Json limits = Json::object();
  for (const auto& option : settings::schema()) {
    const auto found = option.limit ? layer.values->find(option.name) : layer.values->end();
    if (found != layer.values->end()) limits[std::string(option.name)] = *found;
  }
  settings::Layer only;
  only.values = std::make_shared<const Json>(std::move(limits));
  return only;
}

/// Returns the names of the existing presets, for a message.
std::string preset_names(const fs::path& folder) {
  std::string names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() != ".md") continue;
    names += (names.empty() ? "" : ", ") + entry.path().stem().string();
  }
  return names.empty() ? "there are none yet" : "there are: " + names;
}

/// Limit of a preset's name in a message, in bytes.
constexpr std::size_t kMostPresetName = 100;

Result<void> add_preset(Configuration& configuration, const fs::path& folder,
                        const std::string& name) {
  // A document may choose a preset, but must not use the name to reach files elsewhere.
  if (name.empty() || name.find_first_of("/\\") != std::string::npos || name.front() == '.') {
    return tl::unexpected(
        Error{ErrorCode::kBadDocument,
              fmt::format("preset: \"{}\" is not a plain name; write the name of "
                          "a file in {} without \".md\".",
                          text::printable_name(name, kMostPresetName), folder.string())});
  }
  const fs::path path = folder / (name + ".md");
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    return tl::unexpected(Error{
        ErrorCode::kBadDocument,
        fmt::format("preset: there is no {}; {}.",
                    text::printable_name(path.string(), folder.string().size() + kMostPresetName),
                    preset_names(folder))});
  }
  return add_file(configuration, path.string(), settings::Scope::kConfiguration);
}

}  // namespace

std::string configuration_folder(const Environment& environment) {
  if (const auto folder = environment("XDG_CONFIG_HOME"); folder && folder->starts_with('/'))
    return *folder + "/chatvim";
  if (const auto home = environment("HOME"); home && home->starts_with('/'))
    return *home + "/.config/chatvim";
  return {};
}

Result<Configuration> read_configuration(const Environment& environment,
                                         const PresetChoice& preset) {
  Configuration configuration;
  const std::string folder = configuration_folder(environment);
  if (folder.empty()) return configuration;
  const fs::path path = fs::path(folder) / "config.md";
  std::error_code ignored;
  if (fs::exists(path, ignored)) {
    if (auto added = add_file(configuration, path.string(), settings::Scope::kConfigFile); !added)
      return tl::unexpected(added.error());
  }
  const auto of_user =
      preset.user ? preset.user : settings::Settings(configuration.layers).string("preset");
  const bool by_document = preset.document && preset.document != of_user;
  const fs::path presets = fs::path(folder) / "presets";
  if (by_document && of_user) {
    Configuration instead;
    if (auto added = add_preset(instead, presets, *of_user); !added) {
      return tl::unexpected(added.error());
    }
    for (const auto& layer : instead.layers) configuration.layers.push_back(limits_of(layer));
  }
  if (const auto& name = by_document ? preset.document : of_user) {
    if (auto added = add_preset(configuration, presets, *name); !added) {
      return tl::unexpected(added.error());
    }
    configuration.layers.back().chosen_by_document = by_document;
  }
  return configuration;
}

Result<Configuration> read_context(const std::string& path, const std::string& text) {
  Configuration configuration;
  if (auto added = add_text(configuration, path, text, settings::Scope::kDocument); !added) {
    return tl::unexpected(added.error());
  }
  return configuration;
}

}  // namespace chatvim::chat
