// SPDX-License-Identifier: Apache-2.0
#include "chatvim/completion/configuration.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "chatvim/completion/chat.hpp"
#include "chatvim/text/home.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::completion {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t kMostConfigurationBytes = 512ULL * 1024 * 1024;

Error bad_config(const std::string& path, const settings::Diagnostic& diagnostic) {
  return {ErrorCode::kBadConfig, describe_place(path, diagnostic)};
}

/// Adds one file of the configuration; its layer is stronger than those before.
Result<void> add_file(Configuration& configuration, const std::string& path,
                      settings::Scope scope = settings::Scope::kConfiguration) {
  const auto bytes = read_file(path);
  if (!bytes) return tl::unexpected(Error{ErrorCode::kBadConfig, bytes.error().message});
  if (const auto invalid = text::find_invalid_utf8(*bytes)) {
    return tl::unexpected(
        Error{ErrorCode::kBadConfig,
              fmt::format("{} is not UTF-8 (byte {}): save it as UTF-8.", path, *invalid + 1)});
  }
  const auto lines = text::split_file(*bytes);
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

/// The names of the presets there are, for a message.
std::string preset_names(const fs::path& folder) {
  std::string names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() != ".md") continue;
    names += (names.empty() ? "" : ", ") + entry.path().stem().string();
  }
  return names.empty() ? "there are none yet" : "there are: " + names;
}

/// The most bytes of a preset's name in a message.
constexpr std::size_t kMostPresetName = 100;

Result<void> add_preset(Configuration& configuration, const fs::path& folder,
                        const std::string& name) {
  // A document may choose a preset; it must not reach files elsewhere that way.
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
  return add_file(configuration, path.string());
}

}  // namespace

std::string expand_home(const std::string& path, const provider::Environment& environment) {
  return text::expand_home(path, environment("HOME"));
}

std::string configuration_folder(const provider::Environment& environment) {
  if (const auto folder = environment("XDG_CONFIG_HOME"); folder && !folder->empty())
    return *folder + "/chatvim";
  if (const auto home = environment("HOME"); home && !home->empty())
    return *home + "/.config/chatvim";
  return {};
}

Result<std::string> read_file(const std::string& path) {
  const auto unreadable = [&path](const std::string& why) {
    return tl::unexpected(
        Error{ErrorCode::kUnreadableFile, fmt::format("{} cannot be read: {}.", path, why)});
  };
  std::error_code error;
  const auto status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return unreadable("there is no such file");
  if (error) return unreadable(error.message());
  if (fs::is_directory(status)) return unreadable("it is a directory; name a markdown file");
  if (!fs::is_regular_file(status)) return unreadable("it is not a regular file");
  if (fs::file_size(path, error) > kMostConfigurationBytes)
    return unreadable("it is larger than 512 MiB");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return unreadable(std::strerror(errno));
  std::string bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (stream.bad()) return unreadable("reading failed");
  return bytes;
}

Result<Configuration> read_configuration(const provider::Environment& environment,
                                         const std::optional<std::string>& preset) {
  Configuration configuration;
  const std::string folder = configuration_folder(environment);
  if (folder.empty()) return configuration;
  const fs::path path = fs::path(folder) / "config.md";
  std::error_code ignored;
  if (fs::exists(path, ignored)) {
    if (auto added = add_file(configuration, path.string()); !added)
      return tl::unexpected(added.error());
  }
  auto name = preset;
  if (!name) name = settings::Settings(configuration.layers).string("preset");
  if (name) {
    if (auto added = add_preset(configuration, fs::path(folder) / "presets", *name); !added) {
      return tl::unexpected(added.error());
    }
  }
  return configuration;
}

Result<Configuration> read_context(const std::string& path) {
  Configuration configuration;
  if (auto added = add_file(configuration, path, settings::Scope::kDocument); !added) {
    return tl::unexpected(added.error());
  }
  return configuration;
}

}  // namespace chatvim::completion
