// SPDX-License-Identifier: Apache-2.0
#include "overlay.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "chatvim/glob/path.hpp"

namespace chatvim::embed {

Overlay::Overlay(const Context& context, const files::Files& files) : files_(files) {
  for (const auto& [path, text] : context.buffers) add(path, &text);
  for (const std::string& path : context.unsaved) add(path, nullptr);
}

void Overlay::add(const std::string& path, const std::string* text) {
  auto resolved = files_.resolve(path);
  if (!resolved) resolved = resolve_missing(path);
  if (resolved) buffers_.try_emplace(std::move(*resolved), Buffer{path, text});
}

/// Resolves the path of a file that does not exist yet, through its folder.
Result<std::string> Overlay::resolve_missing(const std::string& path) const {
  const std::string_view name = glob::base_name(path);
  if (!path.starts_with('/') || name.empty() || name == "." || name == "..") {
    return tl::unexpected(Error{ErrorCode::kUnreadableFile, "there is no such file"});
  }
  auto folder = files_.resolve(glob::folder_of(path));
  if (!folder) return folder;
  return glob::join(*folder, name);
}

const Overlay::Buffer* Overlay::buffer(const std::string& path) const {
  const auto found = buffers_.find(path);
  return found == buffers_.end() ? nullptr : &found->second;
}

Result<files::Entry> Overlay::look(const std::string& path) const {
  auto entry = files_.look(path);
  if (buffers_.empty() || !entry || entry->kind != files::Entry::Kind::kMissing) return entry;
  const auto resolved = resolve_missing(path);
  const Buffer* found = resolved ? buffer(*resolved) : nullptr;
  if (found == nullptr) return entry;
  return files::Entry{files::Entry::Kind::kFile, found->text == nullptr ? 0 : found->text->size()};
}

Result<std::string> Overlay::resolve(const std::string& path) const {
  auto resolved = files_.resolve(path);
  if (resolved || buffers_.empty()) return resolved;
  auto missing = resolve_missing(path);
  return missing && buffer(*missing) != nullptr ? missing : resolved;
}

Result<std::string> Overlay::read(const std::string& path, std::uint64_t most) const {
  return files_.read(path, most);
}

Result<std::string> Overlay::read_part(const std::string& path, std::uint64_t offset,
                                       std::uint64_t most) const {
  return files_.read_part(path, offset, most);
}

Result<std::vector<files::Name>> Overlay::list(const std::string& path, std::size_t most) const {
  auto names = files_.list(path, most);
  if (buffers_.empty() || !names) return names;
  const std::size_t count = names->size();
  for (auto at = buffers_.lower_bound(path); at != buffers_.end(); ++at) {
    const auto rest = glob::below(at->first, path);
    if (!at->first.starts_with(path)) break;
    if (!rest || rest->empty() || rest->find('/') != std::string_view::npos) continue;
    const bool is_there =
        std::any_of(names->begin(), names->begin() + static_cast<std::ptrdiff_t>(count),
                    [&](const files::Name& name) { return name.name == *rest; });
    if (!is_there) names->push_back({std::string(*rest)});
  }
  std::sort(names->begin(), names->end(),
            [](const files::Name& a, const files::Name& b) { return a.name < b.name; });
  return names;
}

}  // namespace chatvim::embed
