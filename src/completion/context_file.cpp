// SPDX-License-Identifier: Apache-2.0
#include "chatvim/completion/context_file.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "chatvim/completion/trust.hpp"

namespace chatvim::completion {

namespace fs = std::filesystem;

namespace {

constexpr int kMostFolders = 64;

/// The path without links, or nothing.
fs::path resolved(const fs::path& path) {
  std::error_code error;
  const auto real = fs::canonical(path, error);
  return error ? fs::path() : real;
}

/// Whether a path is an allowed one or lies below it.
bool is_covered(const fs::path& path, const std::vector<std::string>& allowed) {
  return std::any_of(allowed.begin(), allowed.end(), [&path](const std::string& each) {
    const fs::path root = resolved(each);
    if (root.empty()) return false;
    const auto [end, unused] = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
    return end == root.end();
  });
}

/// The nearest one; empty where there is none. A chat is not its own context.
fs::path nearest(const Origin& origin) {
  std::error_code ignored;
  fs::path folder =
      origin.file.empty() ? fs::path(origin.folder) : fs::path(origin.file).parent_path();
  for (int i = 0; i < kMostFolders && !folder.empty(); ++i) {
    const fs::path path = folder / kContextName;
    if (path != fs::path(origin.file) && fs::is_regular_file(path, ignored)) return resolved(path);
    if (folder == folder.parent_path()) break;
    folder = folder.parent_path();
  }
  return {};
}

}  // namespace

ContextFile find_context_file(const Origin& origin, const provider::Environment& environment) {
  using Decision = ContextFile::Decision;
  if (origin.file.empty() && origin.folder.empty()) return {};
  const fs::path path = nearest(origin);
  if (path.empty()) return {};
  const auto& left = origin.without_context;
  if (std::find(left.begin(), left.end(), path.string()) != left.end()) {
    return {Decision::kLeave, path.string()};
  }
  if (is_covered(path, origin.allowed)) return {Decision::kUse, path.string()};
  if (!origin.remembers) return {Decision::kAsk, path.string()};
  const auto decided = Trust(environment).context(path.string());
  if (!decided) return {Decision::kAsk, path.string()};
  return {*decided ? Decision::kUse : Decision::kLeave, path.string()};
}

}  // namespace chatvim::completion
