// SPDX-License-Identifier: Apache-2.0
#include "embed_one.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "chatvim/glob/path.hpp"
#include "folder.hpp"
#include "glob.hpp"

namespace chatvim::embed {
namespace {

/// The folder that the paths in an embed's message are seen from.
std::string folder_of_chat(const Context& context, const Item& item) {
  const std::string& file = item.source.empty() ? context.file : item.source;
  return file.empty() ? context.working_folder
                      : glob::folder_of(glob::join(context.working_folder, file));
}

Result<void> embed_address(Item& item, Pieces& pieces, const Target& target) {
  document::Part part{document::Part::Kind::kPicture, item.target};
  part.url = target.address;
  item.kind = Item::Kind::kAddress;
  pieces.emplace_back().media = std::move(part);
  return {};
}

void set_kind(Item& item, const Content& content) {
  item.kind = content.kind == Content::Kind::kPicture ? Item::Kind::kPicture
              : content.kind == Content::Kind::kPdf   ? Item::Kind::kPdf
                                                      : Item::Kind::kText;
  item.media_type = content.media.media_type;
  item.width = content.media.width;
  item.height = content.media.height;
}

Result<void> embed_file(Session& session, Item& item, Pieces& pieces, const Candidate& candidate) {
  if (!session.access(item.source).allows(item.path)) {
    session.ask(item, item.path);
    return {};
  }
  const Content& content = session.content(item.path);
  set_kind(item, content);
  return session.add(item, pieces, item.target, item.path, content, candidate.range);
}

Result<void> embed_path(Session& session, Item& item, Pieces& pieces, const Candidate& candidate,
                        files::Entry::Kind kind) {
  auto path = session.files().resolve(candidate.path);
  if (!path) return bad_embed(path.error().message);
  item.path = std::move(*path);
  if (kind == files::Entry::Kind::kFile) return embed_file(session, item, pieces, candidate);
  if (kind == files::Entry::Kind::kOther) {
    return bad_embed("it is a device, a pipe or a socket, which are never read");
  }
  item.kind = Item::Kind::kFolder;
  if (candidate.range) return bad_embed("it is a folder: only text files have lines");
  if (!session.access(item.source).allows(item.path + "/")) {
    session.ask(item, item.path);
    return {};
  }
  return embed_folder(session, item, pieces);
}

/// Says that nothing is where a target points at.
tl::unexpected<Error> missing(const Session& session, const Target& target) {
  if (!target.problem.empty()) return bad_embed(target.problem);
  if (!target.without_fragment.empty()) {
    const auto entry = session.files().look(target.without_fragment);
    if (entry && entry->kind != files::Entry::Kind::kMissing) {
      return bad_embed("a part of a file is written FILE#L10-L40");
    }
  }
  return bad_embed("there is no such file");
}

/// The same where a second folder was looked in, too.
tl::unexpected<Error> missing_in_both(const std::string& first, const std::string& second) {
  return bad_embed(fmt::format("there is no such file, neither in {} nor in {}", first, second));
}

/// A folder of chats (`chat_dir`) is seldom the one that is worked in: a path of the chat itself is
/// looked for in that one second.
std::string second_folder(const Context& context, const Item& item, const std::string& folder) {
  const bool is_relative = !item.target.starts_with('/') && !item.target.starts_with('~');
  std::string working = context.working_folder;
  while (working.size() > 1 && working.ends_with('/')) working.pop_back();
  return item.source.empty() && is_relative && working != folder ? working : "";
}

/// Reads the target as seen from a folder; nothing where there is no such file.
std::optional<Result<void>> embed_from(Session& session, Item& item, Pieces& pieces,
                                       const Target& target) {
  for (const Candidate& candidate : target.candidates) {
    const auto entry = session.files().look(candidate.path);
    if (!entry) return Result<void>(bad_embed(entry.error().message));
    if (entry->kind != files::Entry::Kind::kMissing) {
      return embed_path(session, item, pieces, candidate, entry->kind);
    }
  }
  return std::nullopt;
}

}  // namespace

Result<void> embed_one(Session& session, Item& item, Pieces& pieces) {
  const Context& context = session.context();
  const std::string folder = folder_of_chat(context, item);
  const auto target = read_target(item.target, folder, context.environment);
  if (!target) return tl::unexpected(target.error());
  if (!target->address.empty()) return embed_address(item, pieces, *target);
  if (auto done = embed_from(session, item, pieces, *target)) return std::move(*done);
  const std::string second = second_folder(context, item, folder);
  if (!second.empty()) {
    const auto other = read_target(item.target, second, context.environment);
    if (other) {
      if (auto done = embed_from(session, item, pieces, *other)) return std::move(*done);
    }
  }
  if (!target->pattern.empty()) return embed_glob(session, item, pieces, target->pattern, folder);
  const bool plain = target->problem.empty() && target->without_fragment.empty();
  return plain && !second.empty() ? missing_in_both(folder, second) : missing(session, *target);
}

}  // namespace chatvim::embed
