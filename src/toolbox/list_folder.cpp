// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <utility>

#include "chatvim/embed/describe_size.hpp"
#include "chatvim/glob/path.hpp"
#include "file_call.hpp"

namespace chatvim::toolbox {
namespace {

constexpr std::size_t kMostEntries = 900;
constexpr std::size_t kMostDepth = 10;
/// Names looked at.
constexpr std::size_t kMostNames = 20'000;

/// Lists a folder and those below it.
class Listing {
 public:
  Listing(embed::Browser& browser, std::size_t depth) : browser_(browser), depth_(depth) {}

  /// `prefix` is the path of the folder below the first one, with a slash at its end. The error of
  /// the first folder is a clause.
  Result<void> add(const std::string& path, const std::string& prefix, std::size_t level) {
    auto list = browser_.list(path, kMostNames - names_);
    if (!list && level == 1) return tl::unexpected(list.error());
    if (!list) {
      text_ += fmt::format("{} (not listed: {})\n", shown_path(prefix), list.error().message);
      return {};
    }
    names_ += list->entries.size();
    ignored_ += list->ignored;
    for (const embed::FolderEntry& entry : list->entries) {
      if (!add_line(entry, prefix)) continue;
      if (level < depth_ && entry.is_folder && entry.reason.empty()) {
        static_cast<void>(add(entry.path, prefix + entry.name + "/", level + 1));
      }
    }
    return {};
  }

  std::string finish() {
    if (count_ == 0) text_ = "[the folder is empty]\n";
    std::string note;
    if (left_out_ > 0) {
      note = fmt::format("{} more entries; list one of the folders, or with a smaller depth",
                         left_out_);
    }
    if (ignored_ > 0) {
      note += fmt::format("{}git ignores {} here", note.empty() ? "" : "; ", ignored_);
    }
    return note.empty() ? text_ : fmt::format("{}[{}]", text_, note);
  }

 private:
  /// Adds the line of an entry; false if there is no room.
  bool add_line(const embed::FolderEntry& entry, const std::string& prefix) {
    std::string line = shown_path(prefix + entry.name);
    if (entry.is_folder) line += '/';
    if (!entry.reason.empty()) {
      line += fmt::format(" ({})", entry.reason);
    } else if (!entry.is_folder) {
      line += fmt::format("  {}", embed::describe_size(browser_.size(entry.path)));
    }
    if (count_ == kMostEntries || text_.size() + line.size() + 1 > kMostText) {
      ++left_out_;
      return false;
    }
    ++count_;
    text_ += line + "\n";
    return true;
  }

  embed::Browser& browser_;
  std::size_t depth_;
  std::string text_;
  std::size_t count_ = 0;
  std::size_t left_out_ = 0;
  std::size_t ignored_ = 0;
  std::size_t names_ = 0;
};

}  // namespace

FileResult list_folder(Arguments& arguments, const FileAccess& access, embed::Browser& browser) {
  static_cast<void>(access);
  const std::string path = arguments.string("path", "");
  const std::size_t depth = arguments.number("depth", 1, 1, kMostDepth);
  if (!arguments.problem().empty()) return {};
  const auto found = browser.find(path);
  if (!found) return path_error(path, found.error());
  if (found->outside) return outside_error(*found->outside);
  if (found->kind != files::Entry::Kind::kFolder) {
    return path_error(path, "it is not a folder; use files.read to read a file");
  }
  Listing listing(browser, depth);
  const auto listed = listing.add(found->path, "", 1);
  if (!listed) return path_error(path, listed.error());
  return {{listing.finish()}};
}

}  // namespace chatvim::toolbox
