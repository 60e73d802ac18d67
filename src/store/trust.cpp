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

// The tables of trust.json: paths, hashes or names, each with `true` for a yes. In `contexts` a yes
// is the hash of the text that it was given to, and `false` is a no for ever.
constexpr const char* kEmbeds = "embeds";
constexpr const char* kContexts = "contexts";
constexpr const char* kDemands = "demands";
constexpr const char* kServers = "servers";

/// The most of a `.chatvim.md` that is kept to show what has changed.
constexpr std::size_t kMostKept = 1024UL * 1024;

std::string kept_text(const std::string& folder, const std::string& hash) {
  return folder + "/contexts/" + hash + ".md";
}

/// Changes a table of the file of decisions.
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
  // `true` is a yes of an earlier version, which did not look at the text.
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
    // Without it the next question shows all of the text, not what has changed.
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

}  // namespace chatvim::store
