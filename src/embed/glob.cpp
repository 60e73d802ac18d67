// SPDX-License-Identifier: Apache-2.0
#include "glob.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "chatvim/glob/ignore.hpp"
#include "chatvim/glob/path.hpp"
#include "chatvim/glob/pattern.hpp"
#include "chatvim/glob/wildcard.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::embed {
namespace {

constexpr std::size_t kMostMatches = 500;
constexpr std::size_t kMostGlobNames = 200'000;
constexpr std::size_t kMostGlobDepth = 32;
/// Limit of skipped files to list by name.
constexpr std::size_t kMostLeftOut = 50;

/// Finds the paths that a pattern matches, relative to its folder.
class Search {
 public:
  Search(Session& session, const Item& item, const glob::Pattern& pattern)
      : session_(session), access_(session.access(item.source)), pattern_(pattern) {}

  Result<void> run() { return search("", 0, 0); }

  /// Returns the matches, sorted and without duplicates; may include folders.
  std::vector<std::string> matches() {
    std::sort(matches_.begin(), matches_.end());
    matches_.erase(std::unique(matches_.begin(), matches_.end()), matches_.end());
    return std::move(matches_);
  }

 private:
  std::string path_of(const std::string& name) const { return glob::join(pattern_.folder, name); }

  static std::string below_name(const std::string& name, std::string_view one) {
    return name.empty() ? std::string(one) : fmt::format("{}/{}", name, one);
  }

  /// Matches the pattern, from `segment` on, in the folder `name`.
  Result<void> search(const std::string& name, std::size_t segment, std::size_t depth) {
    // With two `**`, a folder can be reached in several ways.
    if (!seen_.insert({name, segment}).second) return {};
    const std::string& pattern = pattern_.segments[segment];
    const bool is_last = segment + 1 == pattern_.segments.size();
    if (pattern == "**") {
      const std::string& resolved = session_.resolved(path_of(name));
      if (resolved.empty()) return {};
      return search_deep(name, segment, session_.ignore_at(resolved), depth);
    }
    if (!glob::is_pattern(pattern)) {
      const std::string found = below_name(name, glob::plain_segment(pattern));
      if (!is_last) return search(found, segment + 1, depth + 1);
      const auto entry = session_.files().look(path_of(found));
      if (entry && entry->kind != files::Entry::Kind::kMissing) matches_.push_back(found);
      return {};
    }
    const auto names = list(name);
    if (!names) return tl::unexpected(names.error());
    for (const files::Name& one : **names) {
      const bool is_hidden = one.name.starts_with('.') && !pattern.starts_with('.');
      if (is_hidden || !glob::matches(pattern, one.name)) continue;
      if (is_last && !one.is_folder) matches_.push_back(below_name(name, one.name));
      if (is_last || !(one.is_folder || one.is_link)) continue;
      auto searched = search(below_name(name, one.name), segment + 1, depth + 1);
      if (!searched) return searched;
    }
    return {};
  }

  /// The same for `**`: searches the folder and all folders below it that are not hidden, links or
  /// ignored.
  Result<void> search_deep(const std::string& name, std::size_t segment, const glob::Ignore& ignore,
                           std::size_t depth) {
    if (depth > kMostGlobDepth) {
      return bad_embed(
          fmt::format("the pattern leads more than {} folders down, the most that is looked at",
                      kMostGlobDepth));
    }
    auto searched = search(name, segment + 1, depth);
    if (!searched) return searched;
    const auto names = list(name);
    if (!names) return tl::unexpected(names.error());
    for (const files::Name& one : **names) {
      if (!one.is_folder || one.name.starts_with('.') || ignore.ignores(one.name, true)) continue;
      const std::string found = below_name(name, one.name);
      searched = search_deep(found, segment, session_.ignore_below(ignore, one.name), depth + 1);
      if (!searched) return searched;
    }
    return {};
  }

  /// Returns the names in a folder; empty if it is not a folder or may not be read.
  Result<const std::vector<files::Name>*> list(const std::string& name) {
    static const std::vector<files::Name> kNone;
    const std::string& folder = session_.resolved(path_of(name));
    if (folder.empty() || !access_.allows(folder + "/")) return &kNone;
    const auto& names = session_.names(folder);
    if (names) names_ += names->size();
    if (!names || names_ > kMostGlobNames) {
      return bad_embed(
          fmt::format("the pattern looks at more than {} names, the most: write a narrower one",
                      kMostGlobNames));
    }
    auto counted = session_.count_names(names->size());
    if (!counted) return tl::unexpected(counted.error());
    return &*names;
  }

  Session& session_;
  const Access& access_;
  const glob::Pattern& pattern_;
  std::set<std::pair<std::string, std::size_t>> seen_;
  std::vector<std::string> matches_;
  std::size_t names_ = 0;
};

/// Returns the part of a pattern, as written, that names its folder.
std::string_view written_folder(std::string_view target) {
  std::size_t end = 0;
  for (std::size_t at = 0; at < target.size() && !glob::is_pattern(target.substr(0, at)); ++at) {
    if (target[at] == '/') end = at + 1;
  }
  return target.substr(0, end);
}

/// Embeds files one by one and collects those that have to be skipped.
class Collector {
 public:
  Collector(Session& session, Item& item, Pieces& pieces)
      : session_(session), item_(item), pieces_(pieces), prefix_(written_folder(item.target)) {}

  Result<void> add(const std::string& name, const std::string& path) {
    const std::string shown = text::printable_name(prefix_ + name, glob::kMostShownName);
    const auto entry = session_.files().look(path);
    const auto resolved = session_.files().resolve(path);
    if (!entry || !resolved) return leave_out(shown, "a link that leads nowhere");
    if (entry->kind == files::Entry::Kind::kFolder) return {};
    if (!session_.access(item_.source).allows(*resolved)) {
      return leave_out(shown, "it lies outside of what may be read, or may hold credentials");
    }
    if (entry->kind != files::Entry::Kind::kFile) {
      return leave_out(shown, "it is a device, a pipe or a socket");
    }
    const Content& content = session_.content(*resolved);
    if (!content.reason.empty()) return leave_out(shown, content.reason);
    ++count_;
    return session_.add(item_, pieces_, shown, *resolved, content);
  }

  std::size_t count() const { return count_; }
  std::size_t left_out() const { return left_out_; }
  /// Returns a list of the skipped files with the reasons, one per line.
  std::string told() const {
    std::string text = fmt::format("Not sent of {}:{}", item_.target, told_);
    if (left_out_ > kMostLeftOut) text += fmt::format("\n- {} more", left_out_ - kMostLeftOut);
    return text;
  }
  const std::string& first() const { return first_; }

 private:
  Result<void> leave_out(const std::string& name, const std::string& why) {
    if (left_out_ == 0) first_ = fmt::format("{}: {}", name, why);
    if (++left_out_ <= kMostLeftOut) told_ += fmt::format("\n- {}: {}", name, why);
    return {};
  }

  Session& session_;
  Item& item_;
  Pieces& pieces_;
  std::string prefix_;
  std::size_t count_ = 0;
  std::size_t left_out_ = 0;
  std::string told_;
  std::string first_;
};

}  // namespace

Result<std::vector<std::string>> find_names(Session& session, const Item& item,
                                            const glob::Pattern& pattern) {
  Search search(session, item, pattern);
  auto searched = search.run();
  if (!searched) return tl::unexpected(searched.error());
  auto names = search.matches();
  if (names.size() <= kMostMatches) return names;
  return bad_embed(fmt::format("it matches {} files, and {} are the most: write a narrower pattern",
                               names.size(), kMostMatches));
}

Result<void> embed_glob(Session& session, Item& item, Pieces& pieces, const std::string& pattern,
                        const std::string& folder) {
  const glob::Pattern read = glob::read_pattern(pattern, folder);
  item.kind = Item::Kind::kGlob;
  item.files = 0;
  auto resolved = session.files().resolve(read.folder);
  if (!resolved) return bad_embed("nothing matches the pattern");
  item.path = std::move(*resolved);
  if (!session.access(item.source).allows(item.path + "/")) {
    session.ask(item, item.path);
    return {};
  }
  const auto names = find_names(session, item, read);
  if (!names) return tl::unexpected(names.error());
  Collector collector(session, item, pieces);
  for (const std::string& name : *names) {
    auto added = collector.add(name, glob::join(read.folder, name));
    if (!added) return added;
  }
  item.files = collector.count();
  if (collector.count() == 0) {
    return bad_embed(
        collector.left_out() == 0
            ? "nothing matches the pattern"
            : fmt::format("none of the files that it matches can be sent ({})", collector.first()));
  }
  if (collector.left_out() != 0) return session.add_text(pieces, {collector.told()});
  return {};
}

}  // namespace chatvim::embed
