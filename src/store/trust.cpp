// SPDX-License-Identifier: Apache-2.0
#include "chatvim/store/trust.hpp"

#include <functional>
#include <nlohmann/json.hpp>
#include <utility>

#include "chatvim/loop/system.hpp"
#include "chatvim/store/state.hpp"
#include "chatvim/text/sha256.hpp"

namespace chatvim::store {

namespace {

// The tables of trust.json. Keys are paths, hashes or names; `true` means allowed. In `contexts`,
// the value is the hash of the text that the user accepted, or `false` for never.
constexpr const char* kEmbeds = "embeds";
constexpr const char* kContexts = "contexts";
constexpr const char* kDemands = "demands";
constexpr const char* kServers = "servers";
// Servers of tools that may be started; and by their command lines the tools that are allowed, with
// the hash of what the server said about each.
constexpr const char* kToolStarts = "starts";
constexpr const char* kTools = "tools";

/// Size limit of a `.chatvim.md` whose text is kept to show later changes, in bytes.
constexpr std::size_t kMostKept = 1024UL * 1024;

/// The same of what a server says about a tool.
constexpr std::size_t kMostPinned = 64UL * 1024;

std::string kept_text(const std::string& folder, const std::string& hash) {
  return folder + "/contexts/" + hash + ".md";
}

std::string kept_pin(const std::string& folder, const std::string& hash) {
  return folder + "/tools/" + hash + ".txt";
}

/// Changes a table of trust.json.
Result<void> change(const Environment& environment, const char* table,
                    const std::function<void(Json&)>& change_table) {
  const std::string folder = state_folder(environment);
  if (folder.empty()) {
    return tl::unexpected(Error{ErrorCode::kUnreadableFile,
                                "Nothing can be remembered: neither $XDG_STATE_HOME nor $HOME is "
                                "set."});
  }
  return change_state(folder + "/trust.json", [&](Json& state) {
    Json& entries = state[table];
    if (!entries.is_object()) entries = Json::object();
    change_table(entries);
  });
}

}  // namespace

Trust::Trust(const Environment& environment) : folder_(state_folder(environment)) {
  state_ = std::make_shared<const Json>(folder_.empty() ? Json::object()
                                                        : read_state(folder_ + "/trust.json"));
}

bool Trust::has(const char* table, const std::string& key) const {
  const auto entries = state_->find(table);
  if (entries == state_->end() || !entries->is_object()) return false;
  const auto found = entries->find(key);
  return found != entries->end() && *found == true;
}

std::vector<std::string> Trust::embeds() const {
  std::vector<std::string> paths;
  const auto entries = state_->find(kEmbeds);
  if (entries == state_->end() || !entries->is_object()) return paths;
  for (const auto& [path, allowed] : entries->items()) {
    if (allowed == true) paths.push_back(path);
  }
  return paths;
}

Trust::Context Trust::context(const std::string& path, std::string_view text) const {
  const auto entries = state_->find(kContexts);
  if (entries == state_->end() || !entries->is_object()) return Context::kUndecided;
  const auto found = entries->find(path);
  if (found == entries->end()) return Context::kUndecided;
  if (*found == false) return Context::kNever;
  // `true` was written by an earlier version, which did not check the text.
  if (!found->is_string()) return Context::kUndecided;
  return *found == text::sha256(text) ? Context::kUse : Context::kChanged;
}

std::optional<std::string> Trust::context_before(const std::string& path) const {
  const auto entries = state_->find(kContexts);
  if (entries == state_->end() || !entries->is_object()) return std::nullopt;
  const auto found = entries->find(path);
  if (found == entries->end() || !found->is_string()) return std::nullopt;
  const auto hash = found->get<std::string>();
  auto text = loop::read_private(kept_text(folder_, hash), kMostKept);
  if (!text || text::sha256(*text) != hash) return std::nullopt;
  return text;
}

bool Trust::allows_demands(const std::string& mark) const { return has(kDemands, mark); }

bool Trust::allows_server(const std::string& provider) const { return has(kServers, provider); }

Result<void> Trust::remember_embed(const Environment& environment, const std::string& path,
                                   bool allowed) {
  return change(environment, kEmbeds, [&](Json& entries) {
    if (allowed) {
      entries[path] = true;
    } else {
      entries.erase(path);
    }
  });
}

Result<void> Trust::remember_context(const Environment& environment, const std::string& path,
                                     const std::optional<std::string>& text) {
  const Json decision = text ? Json(text::sha256(*text)) : Json(false);
  const std::string folder = state_folder(environment);
  if (text && !folder.empty() && text->size() <= kMostKept) {
    // If this fails, the next question shows the whole text instead of the changes.
    static_cast<void>(write_private(kept_text(folder, decision.get<std::string>()), *text));
  }
  return change(environment, kContexts, [&](Json& entries) { entries[path] = decision; });
}

Result<void> Trust::remember_demands(const Environment& environment, const std::string& mark) {
  return change(environment, kDemands, [&](Json& entries) { entries[mark] = true; });
}

Result<void> Trust::remember_server(const Environment& environment, const std::string& provider) {
  return change(environment, kServers, [&](Json& entries) { entries[provider] = true; });
}

bool Trust::allows_start(const std::string& command_line) const {
  return has(kToolStarts, command_line);
}

std::optional<std::string> Trust::tool_hash(const std::string& command_line,
                                            const std::string& name) const {
  const auto servers = state_->find(kTools);
  if (servers == state_->end() || !servers->is_object()) return std::nullopt;
  const auto tools = servers->find(command_line);
  if (tools == servers->end() || !tools->is_object()) return std::nullopt;
  const auto found = tools->find(name);
  if (found == tools->end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

Trust::Tool Trust::tool(const std::string& command_line, const std::string& name,
                        std::string_view pin_text) const {
  const auto hash = tool_hash(command_line, name);
  if (!hash) return Tool::kUndecided;
  return *hash == text::sha256(pin_text) ? Tool::kAllowed : Tool::kChanged;
}

std::optional<std::string> Trust::tool_before(const std::string& command_line,
                                              const std::string& name) const {
  const auto hash = tool_hash(command_line, name);
  if (!hash) return std::nullopt;
  auto text = loop::read_private(kept_pin(folder_, *hash), kMostPinned);
  if (!text || text::sha256(*text) != *hash) return std::nullopt;
  return text;
}

Result<void> Trust::remember_start(const Environment& environment,
                                   const std::string& command_line) {
  return change(environment, kToolStarts, [&](Json& entries) { entries[command_line] = true; });
}

Result<void> Trust::remember_tool(const Environment& environment, const std::string& command_line,
                                  const std::string& name, std::string_view pin_text) {
  const std::string hash = text::sha256(pin_text);
  const std::string folder = state_folder(environment);
  if (!folder.empty() && pin_text.size() <= kMostPinned) {
    // If this fails, the next question shows the whole text instead of the changes.
    static_cast<void>(write_private(kept_pin(folder, hash), pin_text));
  }
  return change(environment, kTools, [&](Json& entries) {
    Json& tools = entries[command_line];
    if (!tools.is_object()) tools = Json::object();
    tools[name] = hash;
  });
}

Result<void> Trust::forget_tools(const Environment& environment, const std::string& command_line) {
  auto forgotten = change(environment, kTools, [&](Json& entries) { entries.erase(command_line); });
  if (!forgotten) return forgotten;
  return change(environment, kToolStarts, [&](Json& entries) { entries.erase(command_line); });
}

}  // namespace chatvim::store
