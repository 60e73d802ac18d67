// SPDX-License-Identifier: Apache-2.0
#include "chatvim/embed/browser.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "chatvim/glob/path.hpp"
#include "chatvim/text/home.hpp"
#include "content.hpp"
#include "repository.hpp"
#include "session.hpp"

namespace chatvim::embed {
namespace {

/// Bytes of a path; longer ones are rejected.
constexpr std::size_t kMostWritten = 4096;

/// Returns what makes a path unusable, or "".
std::string wrong_path(const std::string& path) {
  if (path.size() > kMostWritten) return "the path is too long";
  const bool has_control =
      std::any_of(path.begin(), path.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  return has_control ? "the path has control characters" : "";
}

}  // namespace

Browser::Browser(const Context& context, const files::Files& files)
    : session_(std::make_unique<Session>(context, files)) {}

Browser::~Browser() = default;

std::vector<std::string> Browser::folders() const {
  const Context& context = session_->context();
  std::vector<std::string> folders{context.working_folder};
  if (!context.file.empty()) {
    folders.push_back(glob::folder_of(glob::join(context.working_folder, context.file)));
    const auto working = session_->files().resolve(context.working_folder);
    const bool is_project = working && session_->access("").allows(*working + "/");
    if (!is_project) std::swap(folders[0], folders[1]);
  }
  return folders;
}

FoundPath Browser::found(const std::string& written, std::string path, files::Entry entry) const {
  FoundPath found{std::move(path), entry.kind, entry.size, {}};
  const bool is_folder = entry.kind == files::Entry::Kind::kFolder;
  const std::string examined = is_folder ? found.path + "/" : found.path;
  const Access& access = session_->access("");
  if (!access.allows(examined)) {
    found.outside = Outside{found.path, written, "", 0, access.reason(examined)};
  }
  return found;
}

std::string Browser::expanded(const std::string& path) const {
  const auto& environment = session_->context().environment;
  return text::expand_home(path, environment ? environment("HOME") : std::nullopt);
}

Result<FoundPath> Browser::find(const std::string& path) const {
  if (std::string wrong = wrong_path(path); !wrong.empty()) return bad_embed(std::move(wrong));
  for (const std::string& folder : folders()) {
    const std::string whole = glob::join(folder, expanded(path));
    const auto entry = session_->files().look(whole);
    if (!entry) return bad_embed(entry.error().message);
    if (entry->kind == files::Entry::Kind::kMissing) continue;
    auto resolved = session_->files().resolve(whole);
    if (!resolved) return bad_embed(resolved.error().message);
    return found(path, std::move(*resolved), *entry);
  }
  return bad_embed("there is no such file or folder");
}

Result<FoundPath> Browser::find_place(const std::string& path) const {
  if (std::string wrong = wrong_path(path); !wrong.empty()) return bad_embed(std::move(wrong));
  if (auto existing = find(path)) return existing;
  std::string folder = glob::join(folders().front(), expanded(path));
  std::string rest;
  while (folder.size() > 1) {
    const std::string_view name = glob::base_name(folder);
    // Above a missing folder `..` would mean nothing.
    if (name.empty() || name == "." || name == "..") break;
    rest = rest.empty() ? std::string(name) : glob::join(name, rest);
    folder = glob::folder_of(folder);
    if (const auto resolved = session_->files().resolve(folder)) {
      return found(path, glob::join(*resolved, rest), {});
    }
  }
  return bad_embed("there is no such folder");
}

Result<FolderList> Browser::list(const std::string& path, std::size_t most) {
  auto names = session_->files().list(path, most);
  if (!names) return tl::unexpected(names.error());
  const auto parent = ignores_.find(glob::folder_of(path));
  const glob::Ignore& ignore =
      parent == ignores_.end() || path == "/"
          ? session_->ignore_at(path)
          : session_->ignore_below(*parent->second, std::string(glob::base_name(path)));
  ignores_[path] = &ignore;
  const Access& access = session_->access("");
  FolderList list;
  for (files::Name& name : *names) {
    if (is_repository(name.name)) continue;
    if (ignore.ignores(name.name, name.is_folder)) {
      ++list.ignored;
      continue;
    }
    FolderEntry entry{std::move(name.name), {}, name.is_folder, {}};
    std::string whole = glob::join(path, entry.name);
    if (name.is_link) {
      const auto target = session_->files().look(whole);
      auto resolved = session_->files().resolve(whole);
      entry.is_folder = target && target->kind == files::Entry::Kind::kFolder;
      if (!resolved) entry.reason = "a link that leads nowhere";
      if (resolved && entry.is_folder) entry.reason = "a link to a folder";
      whole = resolved.value_or("");
    }
    const std::string examined = entry.is_folder ? whole + "/" : whole;
    if (entry.reason.empty() && !access.allows(examined)) {
      const bool by_name = access.reason(examined) == Outside::Reason::kCredentials;
      entry.reason = by_name ? "may hold credentials" : "a link to what may not be read";
    }
    if (entry.reason.empty()) entry.path = std::move(whole);
    list.entries.push_back(std::move(entry));
  }
  return list;
}

Result<std::string> Browser::read(const std::string& path, std::uint64_t offset,
                                  std::uint64_t most) const {
  const auto* buffer = session_->files().buffer(path);
  if (buffer == nullptr) return session_->files().read_part(path, offset, most);
  if (buffer->text == nullptr) return tl::unexpected(Error{ErrorCode::kUnsaved, buffer->path});
  if (offset >= buffer->text->size()) return std::string();
  return buffer->text->substr(offset, most);
}

std::uint64_t Browser::size(const std::string& path) const {
  const auto* buffer = session_->files().buffer(path);
  if (buffer != nullptr && buffer->text != nullptr) return buffer->text->size();
  const auto entry = session_->files().look(path);
  return entry ? entry->size : 0;
}

std::string Browser::why_not_text(std::string_view head, bool is_whole, const std::string& path) {
  return embed::why_not_text(head, is_whole, path);
}

std::vector<Secret> Browser::secrets(const std::string& path, const std::string& name,
                                     std::string_view part, std::size_t first_line) const {
  std::vector<Secret> secrets;
  for (const secret::FoundSecret& found : session_->finder().find(part)) {
    if (secrets.size() == kMostSecrets) break;
    std::string mark = secret::mark_of(path, found);
    if (session_->context().confirmed.count(mark) != 0) continue;
    secrets.push_back({std::move(mark), found.what, name, found.line + first_line - 1, name, "", 0,
                       found.last_line + first_line - 1});
  }
  return secrets;
}

}  // namespace chatvim::embed
