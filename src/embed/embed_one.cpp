// SPDX-License-Identifier: Apache-2.0
#include "embed_one.hpp"

#include <utility>

#include "find_target.hpp"
#include "folder.hpp"
#include "glob.hpp"

namespace chatvim::embed {
namespace {

Result<void> embed_address(Item& item, Pieces& pieces, const std::string& address) {
  document::Part part{document::Part::Kind::kPicture, item.target};
  part.url = address;
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

}  // namespace

Result<void> embed_one(Session& session, Item& item, Pieces& pieces) {
  const auto found = find_target(session, item);
  if (!found) return tl::unexpected(found.error());
  if (!found->address.empty()) return embed_address(item, pieces, found->address);
  if (!found->pattern.empty()) {
    return embed_glob(session, item, pieces, found->pattern,
                      folder_of_chat(session.context(), item));
  }
  return embed_path(session, item, pieces, found->candidate, found->kind);
}

}  // namespace chatvim::embed
