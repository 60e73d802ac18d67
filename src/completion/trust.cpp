// SPDX-License-Identifier: Apache-2.0
#include "chatvim/completion/trust.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "chatvim/completion/state.hpp"

namespace chatvim::completion {

namespace {

constexpr const char* kEmbeds = "embeds";
constexpr const char* kContexts = "contexts";

/// The file of decisions: two tables of paths, the value says whether they are allowed. Empty where
/// there is no state folder.
std::string file_of(const provider::Environment& environment) {
  const std::string folder = state_folder(environment);
  return folder.empty() ? folder : folder + "/trust.json";
}

std::vector<std::pair<std::string, bool>> read_table(const Json& state, const char* name) {
  std::vector<std::pair<std::string, bool>> entries;
  const auto table = state.find(name);
  if (table == state.end() || !table->is_object()) return entries;
  for (const auto& [path, allowed] : table->items()) {
    if (allowed.is_boolean()) entries.emplace_back(path, allowed.get<bool>());
  }
  return entries;
}

Result<void> remember(const provider::Environment& environment, const char* table,
                      const std::string& path, std::optional<bool> decision) {
  const std::string file = file_of(environment);
  if (file.empty()) {
    return tl::unexpected(Error{ErrorCode::kUnreadableFile,
                                "Nothing can be remembered: neither $XDG_STATE_HOME nor $HOME is "
                                "set."});
  }
  Json state = read_state(file);
  Json& entries = state[table];
  if (!entries.is_object()) entries = Json::object();
  if (decision) {
    entries[path] = *decision;
  } else {
    entries.erase(path);
  }
  return write_state(file, state);
}

}  // namespace

Trust::Trust(const provider::Environment& environment) {
  const std::string file = file_of(environment);
  if (file.empty()) return;
  const Json state = read_state(file);
  for (auto& [path, allowed] : read_table(state, kEmbeds)) {
    if (allowed) embeds_.push_back(path);
  }
  contexts_ = read_table(state, kContexts);
}

std::vector<std::string> Trust::embeds() const { return embeds_; }

std::optional<bool> Trust::context(const std::string& path) const {
  for (const auto& [known, allowed] : contexts_) {
    if (known == path) return allowed;
  }
  return std::nullopt;
}

Result<void> Trust::remember_embed(const provider::Environment& environment,
                                   const std::string& path, bool allowed) {
  return remember(environment, kEmbeds, path, allowed ? std::optional(true) : std::nullopt);
}

Result<void> Trust::remember_context(const provider::Environment& environment,
                                     const std::string& path, bool allowed) {
  return remember(environment, kContexts, path, allowed);
}

}  // namespace chatvim::completion
