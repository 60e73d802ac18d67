// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "access.hpp"
#include "chatvim/embed/expand.hpp"
#include "chatvim/glob/ignore.hpp"
#include "content.hpp"
#include "piece.hpp"
#include "target.hpp"

namespace chatvim::embed {

/// Limits of one request.
inline constexpr std::size_t kMostEmbeds = 1000;
inline constexpr std::uint64_t kMostRequestText = 64U << 20U;
inline constexpr std::uint64_t kMostRequestMedia = 64U << 20U;
inline constexpr std::uint64_t kMostRead = 512U << 20U;
inline constexpr std::size_t kMostSecrets = 50;
/// Names in folders that are looked at for one request.
inline constexpr std::size_t kMostRequestNames = 500'000;

/// The state of one expansion: what is known, what was read already, and what was found. Everything
/// that is embedded goes through `add`, which holds it against the limits and searches it for keys.
class Session {
 public:
  /// Both must outlive it.
  Session(const Context& context, const files::Files& files);

  const Context& context() const { return context_; }
  const Overlay& files() const { return files_; }
  const secret::SecretFinder& finder() const { return finder_; }
  const Access& access(const std::string& source);

  /// Where a folder is that patterns search; empty if there is none. Looked up once for all of
  /// them.
  const std::string& resolved(const std::string& path);
  /// The names in it, read once; empty if it cannot be read, an error if it has more than
  /// `kMostRequestNames`.
  const Result<std::vector<files::Name>>& names(const std::string& resolved);
  /// What git ignores in a folder that patterns search, and in one below it.
  const glob::Ignore& ignore_at(const std::string& resolved);
  const glob::Ignore& ignore_below(const glob::Ignore& parent, const std::string& name);

  /// What a file holds; it is read once. The path is resolved.
  const Content& content(const std::string& path);
  /// Adds a file as a part, or says why it cannot be sent: a clause. The name is how a person
  /// calls the file; lines and bytes are counted in the item.
  Result<void> add(Item& item, Pieces& pieces, const std::string& name, const std::string& path,
                   const Content& content, const std::optional<LineRange>& range = std::nullopt);
  /// Adds text.
  Result<void> add_text(Pieces& pieces, Piece text);

  /// Asks about a path that lies outside. It is resolved.
  void ask(const Item& item, const std::string& path);
  /// Counts names that were looked at; an error where there were too many.
  Result<void> count_names(std::size_t count);
  /// Counts bytes that were read; an error where there were too many.
  Result<void> count_read(std::uint64_t bytes);

  Expansion expansion;

 private:
  void note_secrets(const Item& item, const std::string& name, const std::string& path,
                    const Content& content, const std::optional<LineRange>& range);
  Result<void> add_media(Item& item, Pieces& pieces, const std::string& name,
                         const Content& content);

  const Context& context_;
  Overlay files_;
  secret::SecretFinder finder_;
  std::map<std::string, Access> access_;         // by source
  std::map<std::string, Content> contents_;      // by resolved path
  std::map<std::string, std::string> resolved_;  // of folders, by path as it was reached
  std::map<std::string, Result<std::vector<files::Name>>> names_in_;  // by resolved path
  std::map<std::string, glob::Ignore> ignores_;                       // by resolved path
  std::set<std::string> marks_;                                       // of secrets that were listed
  std::set<std::string> wanted_;                                      // buffers that were asked for
  std::uint64_t text_ = 0;
  std::uint64_t media_ = 0;
  std::uint64_t read_ = 0;
  std::size_t names_ = 0;
};

/// An error with a clause.
tl::unexpected<Error> bad_embed(std::string why);

}  // namespace chatvim::embed
