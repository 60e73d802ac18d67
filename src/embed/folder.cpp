// SPDX-License-Identifier: Apache-2.0
#include "folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "chatvim/glob/ignore.hpp"
#include "chatvim/glob/path.hpp"
#include "chatvim/text/utf8.hpp"
#include "quote.hpp"
#include "repository.hpp"

namespace chatvim::embed {
namespace {

constexpr std::size_t kMostFiles = 500;
constexpr std::uint64_t kMostFolderText = 8U << 20U;
constexpr std::size_t kMostDepth = 32;
constexpr std::size_t kMostNames = 20'000;

/// A text file in the folder.
struct Listed {
  std::string name;  ///< below the folder
  std::string path;  ///< resolved
  Content content;
};

/// Walks a folder: draws its tree and collects its text files.
class Walk {
 public:
  Walk(Session& session, const Item& item)
      : session_(session), access_(session.access(item.source)), top_(item.path) {}

  Result<void> run() {
    visited_.insert(top_);
    return walk(top_, "", "", glob::Ignore::at(top_, session_.files()), 0);
  }

  const std::string& tree() const { return tree_; }
  const std::vector<Listed>& files() const { return files_; }
  bool has_ignored() const { return has_ignored_; }

 private:
  /// Walks one folder. `name` and `indent` are the prefixes of its file names and tree lines.
  Result<void> walk(const std::string& path, const std::string& name, const std::string& indent,
                    const glob::Ignore& ignore, std::size_t depth) {
    auto names = session_.files().list(path, kMostNames - names_);
    if (!names && names.error().code == ErrorCode::kTooLarge) return too_many_names();
    if (!names && depth == 0) return bad_embed(names.error().message);
    if (!names) {
      tree_ += fmt::format("{}└── (not sent: {})\n", indent, names.error().message);
      return {};
    }
    names_ += names->size();
    auto counted = session_.count_names(names->size());
    if (!counted) return counted;
    const auto is_left_out = [&](const files::Name& one) {
      const bool ignored = ignore.ignores(one.name, one.is_folder);
      has_ignored_ = has_ignored_ || ignored;
      return ignored || is_repository(one.name);
    };
    names->erase(std::remove_if(names->begin(), names->end(), is_left_out), names->end());
    for (const files::Name& one : *names) {
      const Place place{path, name, indent, &one == &names->back(), depth};
      auto added = add(one, place, ignore);
      if (!added) return added;
    }
    return {};
  }

  struct Place {
    const std::string& path;
    const std::string& name;
    const std::string& indent;
    bool is_last;
    std::size_t depth;
  };

  Result<void> add(const files::Name& one, const Place& place, const glob::Ignore& ignore) {
    std::string path = glob::join(place.path, one.name);
    bool is_folder = one.is_folder;
    if (one.is_link) {
      const auto entry = session_.files().look(path);
      auto target = session_.files().resolve(path);
      if (!entry || !target || entry->kind == files::Entry::Kind::kMissing) {
        return draw(one, place, "a link that leads nowhere");
      }
      path = std::move(*target);
      is_folder = entry->kind == files::Entry::Kind::kFolder;
    }
    const std::string asked = is_folder ? path + "/" : path;
    if (!access_.allows(asked)) {
      const bool is_name = access_.reason(asked) == Outside::Reason::kCredentials;
      return draw(one, place,
                  is_name ? "it may hold credentials" : "a link to what may not be read");
    }
    return is_folder ? add_folder(one, place, path, ignore) : add_file(one, place, path);
  }

  Result<void> add_folder(const files::Name& one, const Place& place, const std::string& path,
                          const glob::Ignore& ignore) {
    // A link to a parent folder would include that whole folder.
    if (!visited_.insert(path).second || (one.is_link && glob::below(top_, path))) {
      return draw(one, place, "a link to a folder that is listed elsewhere");
    }
    if (place.depth + 1 >= kMostDepth) {
      return bad_embed(
          fmt::format("its folders are more than {} deep, the most that is embedded", kMostDepth));
    }
    const std::string name = below_name(place, one) + "/";
    tree_ += fmt::format("{}{}{}/\n", place.indent, branch(place), shown(one.name));
    return walk(path, name, place.indent + (place.is_last ? "    " : "│   "),
                ignore.below(one.name, session_.files()), place.depth + 1);
  }

  Result<void> add_file(const files::Name& one, const Place& place, const std::string& path) {
    Content content =
        read_listed_content(session_.files(), path, session_.finder(), kMostFolderText);
    auto room = session_.count_read(content.bytes ? content.size : 0);
    if (!room) return room;
    switch (content.kind) {
      case Content::Kind::kPicture:
        return draw(one, place, "a picture");
      case Content::Kind::kPdf:
        return draw(one, place, "a PDF");
      case Content::Kind::kNotText:
      case Content::Kind::kUnreadable:
        return draw(one, place, content.reason);
      case Content::Kind::kTooLarge:
        return too_much_text();
      case Content::Kind::kText:
      case Content::Kind::kWanted:
        break;
    }
    text_ += content.size;
    if (text_ > kMostFolderText) return too_much_text();
    if (files_.size() == kMostFiles) {
      return bad_embed(
          fmt::format("it has more than {} text files, the most for a folder: embed a folder in it",
                      kMostFiles));
    }
    files_.push_back({below_name(place, one), path, std::move(content)});
    return draw(one, place, "");
  }

  static Result<void> too_much_text() {
    return bad_embed(
        fmt::format("it has more than {} of text, the most for a folder: embed a folder in it",
                    describe_size(kMostFolderText)));
  }

  static Result<void> too_many_names() {
    return bad_embed(fmt::format(
        "it has more than {} files and folders, the most that are looked at: embed a folder in it",
        kMostNames));
  }

  static std::string shown(const std::string& name) {
    return text::printable_name(name, glob::kMostShownName);
  }
  static std::string below_name(const Place& place, const files::Name& one) {
    return place.name + shown(one.name);
  }
  static std::string_view branch(const Place& place) { return place.is_last ? "└── " : "├── "; }

  /// Adds a line to the tree; `why` is why the file is not sent, empty if it is.
  Result<void> draw(const files::Name& one, const Place& place, const std::string& why) {
    tree_ += fmt::format("{}{}{}{}\n", place.indent, branch(place), shown(one.name),
                         why.empty() ? "" : fmt::format(" (not sent: {})", why));
    return {};
  }

  Session& session_;
  const Access& access_;
  const std::string top_;
  std::set<std::string> visited_;  // folders
  std::string tree_;
  std::vector<Listed> files_;
  std::size_t names_ = 0;
  std::uint64_t text_ = 0;
  bool has_ignored_ = false;
};

}  // namespace

Result<void> embed_folder(Session& session, Item& item, Pieces& pieces) {
  Walk walk(session, item);
  auto walked = walk.run();
  if (!walked) return walked;
  item.files = walk.files().size();
  if (walk.tree().empty()) {
    return bad_embed(walk.has_ignored() ? "git ignores all that is in it"
                                        : "it is an empty folder");
  }
  auto added = session.add_text(pieces, quote(item.target, "", walk.tree()));
  if (!added) return added;
  const std::string prefix = item.target + (item.target.ends_with('/') ? "" : "/");
  for (const Listed& file : walk.files()) {
    added = session.add(item, pieces, prefix + file.name, file.path, file.content);
    if (!added) return added;
  }
  return {};
}

}  // namespace chatvim::embed
