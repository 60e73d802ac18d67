// SPDX-License-Identifier: Apache-2.0
#include "access.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "chatvim/glob/path.hpp"
#include "chatvim/text/home.hpp"
#include "credentials.hpp"

namespace chatvim::embed {
namespace {

/// A path without `.`, `..` and a slash at its end, links left as they are.
std::string tidy(const std::string& path) {
  std::string tidied = std::filesystem::path(path).lexically_normal().string();
  if (tidied.size() > 1 && tidied.ends_with('/')) tidied.pop_back();
  return tidied;
}

}  // namespace

Access::Access(const Context& context, const std::string& source, const files::Files& files) {
  const auto home = context.environment ? context.environment("HOME") : std::nullopt;
  if (home && home->starts_with('/')) home_ = files.resolve(*home).value_or(tidy(*home));
  if (!context.file.empty())
    add_project(glob::folder_of(glob::join(context.working_folder, context.file)), files);
  if (!source.empty())
    add_project(glob::folder_of(glob::join(context.working_folder, source)), files);
  add_project(context.working_folder, files);
  for (const std::string& path : context.allowed) {
    std::string whole = glob::join(context.working_folder, text::expand_home(path, home));
    // The way to the home folder may have links: they are the system's.
    if (home && !home_.empty()) {
      if (const auto rest = glob::below(whole, tidy(*home))) whole = glob::join(home_, *rest);
    }
    add_allowed(whole, files);
  }
}

/// Neither the home folder, nor one above it, nor one that everybody writes to is a project: a chat
/// that somebody put there, or an editor started there, does not mean that all in it may be sent.
void Access::add_project(const std::string& path, const files::Files& files) {
  if (path.empty()) return;
  auto resolved = files.resolve(path);
  if (!resolved) return;  // what is not there allows nothing
  const auto entry = files.look(*resolved);
  const bool is_shared = !entry || entry->is_shared;
  const bool is_wide =
      home_.empty() || *resolved == "/" || glob::below(home_, *resolved).has_value();
  if (is_shared || is_wide) {
    refused_.push_back(std::move(*resolved));
  } else {
    roots_.push_back({std::move(*resolved), false});
  }
}

/// What was allowed counts as long as it is what it was: a link that has taken its place, or that
/// of a folder on its way, leads to what nobody has allowed.
void Access::add_allowed(const std::string& path, const files::Files& files) {
  if (path.empty()) return;
  auto resolved = files.resolve(path);
  if (!resolved || *resolved != tidy(path)) return;
  roots_.push_back({std::move(*resolved), true});
}

bool Access::allows(std::string_view path) const {
  return std::any_of(roots_.begin(), roots_.end(), [path](const Root& root) {
    const auto rest = glob::below(path, root.path);
    return rest && !has_credentials(root.is_allowed ? *rest : path);
  });
}

Outside::Reason Access::reason(std::string_view path) const {
  const auto is_in = [path](const std::string& folder) {
    return glob::below(path, folder).has_value();
  };
  if (has_credentials(path)) return Outside::Reason::kCredentials;
  if (!std::any_of(refused_.begin(), refused_.end(), is_in)) return Outside::Reason::kElsewhere;
  if (home_.empty()) return Outside::Reason::kNoHome;
  const auto wide = std::any_of(refused_.begin(), refused_.end(), [&](const std::string& folder) {
    return is_in(folder) && glob::below(home_, folder).has_value();
  });
  return wide ? Outside::Reason::kHome : Outside::Reason::kShared;
}

}  // namespace chatvim::embed
