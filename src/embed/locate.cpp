// SPDX-License-Identifier: Apache-2.0
#include "chatvim/embed/locate.hpp"

#include <algorithm>
#include <utility>

#include "chatvim/glob/path.hpp"
#include "chatvim/glob/pattern.hpp"
#include "find_target.hpp"
#include "glob.hpp"

namespace chatvim::embed {

namespace {

/// Returns a path without `.` components. Nothing if it has `..`, which leads elsewhere behind a
/// link.
std::optional<std::string> without_dots(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    if (part == "..") return std::nullopt;
    if (!part.empty() && part != ".") out.append("/").append(part);
  }
  return out.empty() ? "/" : out;
}

}  // namespace

Locator::Locator(const Context& context, const files::Files& files)
    : session_(std::make_unique<Session>(context, files)) {}

Locator::~Locator() = default;

Result<Location> locate(const std::string& target, const Context& context,
                        const files::Files& files) {
  return Locator(context, files).locate(target);
}

Result<Location> Locator::locate(const std::string& target) {
  Session& session = *session_;
  Item item;
  item.target = target;
  const auto found = find_target(session, item);
  if (!found) return tl::unexpected(found.error());
  Location location;
  location.address = found->address;
  location.pattern = found->pattern;
  if (found->candidate.path.empty()) return location;
  auto path = session.files().resolve(found->candidate.path);
  if (!path) return bad_embed(path.error().message);
  location.path = std::move(*path);
  location.link = without_dots(found->candidate.path).value_or(location.path);
  if (found->kind == files::Entry::Kind::kOther) {
    return bad_embed("it is a device, a pipe or a socket, which are never read");
  }
  location.is_folder = found->kind == files::Entry::Kind::kFolder;
  if (found->candidate.range) {
    location.first_line = found->candidate.range->first;
    location.last_line = found->candidate.range->last;
  }
  const std::string examined = location.is_folder ? location.path + "/" : location.path;
  if (!session.access("").allows(examined)) location.outside = session.access("").reason(examined);
  return location;
}

Result<std::vector<std::string>> find_matches(const std::string& pattern, const Context& context,
                                              const files::Files& files) {
  Session session(context, files);
  const Item item;
  const glob::Pattern read = glob::read_pattern(pattern, folder_of_chat(context, item));
  const auto names = find_names(session, item, read);
  if (!names) return tl::unexpected(names.error());
  std::vector<std::string> paths;
  for (const std::string& name : *names) {
    auto path = session.files().resolve(glob::join(read.folder, name));
    const auto entry = path ? session.files().look(*path) : Result<files::Entry>();
    if (entry && entry->kind == files::Entry::Kind::kFile) paths.push_back(std::move(*path));
  }
  return paths;
}

}  // namespace chatvim::embed
