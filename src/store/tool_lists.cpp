// SPDX-License-Identifier: Apache-2.0
#include "chatvim/store/tool_lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "chatvim/json.hpp"
#include "chatvim/loop/system.hpp"
#include "chatvim/store/state.hpp"
#include "chatvim/text/sha256.hpp"

namespace chatvim::store {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kEnding = ".json";

std::string string_of(const Json& table, const char* key) {
  const auto found = table.find(key);
  return found != table.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<tools::Tool> tool_of(const Json& entry) {
  if (!entry.is_object()) return std::nullopt;
  tools::Tool tool;
  tool.server = string_of(entry, "server");
  tool.name = string_of(entry, "name");
  tool.description = string_of(entry, "description");
  tool.schema = string_of(entry, "schema");
  const auto hints = entry.find("hints");
  if (hints != entry.end() && hints->is_array()) {
    for (const Json& hint : *hints) {
      if (hint.is_string()) tool.hints.push_back(hint.get<std::string>());
    }
  }
  const bool is_schema = Json::parse(tool.schema, nullptr, false).is_object();
  return is_schema && !tool.name.empty() ? std::optional(std::move(tool)) : std::nullopt;
}

Json json_of(const tools::Tool& tool) {
  return {{"server", tool.server},
          {"name", tool.name},
          {"description", tool.description},
          {"schema", tool.schema},
          {"hints", tool.hints}};
}

tl::unexpected<Error> too_large(const std::string& what) {
  return tl::unexpected(
      Error{ErrorCode::kTooLarge,
            fmt::format("The server's list of tools is too long to keep: {}.", what)});
}

}  // namespace

ToolLists::ToolLists(const std::string& state_folder)
    : folder_(state_folder.empty() ? std::string() : state_folder + "/tool-lists") {}

std::string ToolLists::path_of(const std::string& command_line) const {
  return fmt::format("{}/{}{}", folder_, text::sha256(command_line), kEnding);
}

std::optional<KnownTools> ToolLists::find(const std::string& command_line) const {
  if (folder_.empty()) return std::nullopt;
  const auto bytes = loop::read_private(path_of(command_line), kMostBytes);
  if (!bytes) return std::nullopt;
  const Json json = Json::parse(*bytes, nullptr, false);
  if (!json.is_object() || string_of(json, "command_line") != command_line) return std::nullopt;
  const auto list = json.find("tools");
  if (list == json.end() || !list->is_array() || list->size() > kMostTools) return std::nullopt;
  KnownTools known;
  known.kind = string_of(json, "kind");
  for (const Json& entry : *list) {
    auto tool = tool_of(entry);
    if (!tool) return std::nullopt;
    known.tools.push_back(std::move(*tool));
  }
  return known;
}

Result<void> ToolLists::remember(const std::string& command_line, const KnownTools& known) const {
  if (folder_.empty()) return {};
  if (known.tools.size() > kMostTools) {
    return too_large(fmt::format("it has more than {} tools", kMostTools));
  }
  Json list = Json::array();
  for (const tools::Tool& tool : known.tools) list.push_back(json_of(tool));
  const Json json = {
      {"command_line", command_line}, {"kind", known.kind}, {"tools", std::move(list)}};
  const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  if (text.size() > kMostBytes) return too_large("it has more than 4 MiB");
  auto written = write_private(path_of(command_line), text);
  if (written) remove_oldest();
  return written;
}

void ToolLists::forget(const std::string& command_line) const {
  std::error_code ignored;
  if (!folder_.empty()) fs::remove(path_of(command_line), ignored);
}

void ToolLists::remove_oldest() const {
  std::vector<std::pair<fs::file_time_type, fs::path>> files;
  std::error_code ignored;
  for (fs::directory_iterator at(folder_, ignored), end; !ignored && at != end;
       at.increment(ignored)) {
    if (at->path().extension() != kEnding) continue;
    std::error_code unknown;
    const auto time = at->last_write_time(unknown);
    if (!unknown) files.emplace_back(time, at->path());
  }
  std::sort(files.begin(), files.end());
  for (std::size_t i = 0; i + kMostServers < files.size(); ++i) {
    fs::remove(files[i].second, ignored);
  }
}

}  // namespace chatvim::store
