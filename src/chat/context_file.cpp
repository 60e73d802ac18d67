// SPDX-License-Identifier: Apache-2.0
#include "chatvim/chat/context_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "chatvim/files/files.hpp"
#include "chatvim/store/trust.hpp"

namespace chatvim::chat {

namespace fs = std::filesystem;

namespace {

constexpr int kMostFolders = 64;
constexpr std::size_t kMostContext = 1024UL * 1024;

/// The path without links, or nothing.
fs::path resolved(const fs::path& path) {
  std::error_code error;
  const auto real = fs::canonical(path, error);
  return error ? fs::path() : real;
}

/// Whether a path is an allowed one or lies below it. A link that has taken its place does not
/// count.
bool is_covered(const fs::path& path, const std::vector<std::string>& allowed) {
  return std::any_of(allowed.begin(), allowed.end(), [&path](const std::string& each) {
    fs::path named = fs::path(each).lexically_normal();
    if (named.filename().empty() && named.has_parent_path()) named = named.parent_path();
    const fs::path root = resolved(each);
    if (root.empty() || root != named) return false;
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

Result<ContextFile> find_context_file(const Origin& origin, const Environment& environment) {
  using Decision = ContextFile::Decision;
  if (origin.file.empty() && origin.folder.empty()) return ContextFile{};
  const fs::path path = nearest(origin);
  if (path.empty()) return ContextFile{};
  const auto& left = origin.without_context;
  if (std::find(left.begin(), left.end(), path.string()) != left.end()) {
    return ContextFile{Decision::kLeave, path.string(), {}, {}};
  }
  const bool allowed = is_covered(path, origin.allowed);
  auto text = files::system_files().read(path.string(), kMostContext + 1);
  if (!text || text->size() > kMostContext) {
    // Nobody asked for it: it must not keep a chat from being sent.
    if (!allowed) return ContextFile{Decision::kLeave, path.string(), {}, {}};
    return tl::unexpected(
        Error{ErrorCode::kBadConfig,
              fmt::format("{} cannot be used: {}.", path.string(),
                          text ? "it is larger than 1 MiB" : text.error().message)});
  }
  ContextFile file{Decision::kAsk, path.string(), std::move(*text), {}};
  if (allowed) file.decision = Decision::kUse;
  if (allowed || !origin.remembers) return file;
  const store::Trust trust(environment);
  switch (trust.context(file.path, file.text)) {
    case store::Trust::Context::kUse:
      file.decision = Decision::kUse;
      break;
    case store::Trust::Context::kNever:
      file.decision = Decision::kLeave;
      break;
    case store::Trust::Context::kChanged:
      file.before = trust.context_before(file.path);
      break;
    case store::Trust::Context::kUndecided:
      break;
  }
  return file;
}

}  // namespace chatvim::chat
