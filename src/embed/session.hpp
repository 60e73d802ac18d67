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

/// Limits of one request; sizes are in bytes.
inline constexpr std::size_t kMostEmbeds = 1000;
inline constexpr std::uint64_t kMostRequestText = 64U << 20U;
inline constexpr std::uint64_t kMostRequestMedia = 64U << 20U;
inline constexpr std::uint64_t kMostRead = 512U << 20U;
inline constexpr std::size_t kMostSecrets = 50;
/// Names in folders examined for one request.
inline constexpr std::size_t kMostRequestNames = 500'000;

/// The state of one expansion: its context, caches and findings. All embedded files go through
/// `add`, which enforces the limits and searches for keys.
class Session {
 public:
  /// Both arguments must outlive the session.
  Session(const Context& context, const files::Files& files);

  const Context& context() const { return context_; }
  const Overlay& files() const { return files_; }
  const secret::SecretFinder& finder() const { return finder_; }
  const Access& access(const std::string& source);

  /// Returns the resolved path of a folder that a pattern searches; empty if there is no such
  /// folder. Cached.
  const std::string& resolved(const std::string& path);
  /// Returns the names in a folder; empty if it cannot be read, an error if there are more than
  /// `kMostRequestNames`. Cached.
  const Result<std::vector<files::Name>>& names(const std::string& resolved);
  /// Return git's ignore rules for a folder that patterns search, and for one below it. Cached.
  const glob::Ignore& ignore_at(const std::string& resolved);
  const glob::Ignore& ignore_below(const glob::Ignore& parent, const std::string& name);

  /// Returns the content of a file, whose path must be resolved. Cached.
  const Content& content(const std::string& path);
  /// Adds a file as a piece, and its lines and bytes to the item. `name` is the name to show. An
  /// error's message is a clause.
  Result<void> add(Item& item, Pieces& pieces, const std::string& name, const std::string& path,
                   const Content& content, const std::optional<LineRange>& range = std::nullopt);
  /// Adds text; an error if the request would exceed its limit of text.
  Result<void> add_text(Pieces& pieces, Piece text);

  /// Records that a path, which must be resolved, needs the user's permission.
  void ask(const Item& item, const std::string& path);
  /// Counts examined names; an error if there are too many.
  Result<void> count_names(std::size_t count);
  /// Counts bytes read; an error if there are too many.
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
  std::map<std::string, std::string> resolved_;  // of folders, by unresolved path
  std::map<std::string, Result<std::vector<files::Name>>> names_in_;  // by resolved path
  std::map<std::string, glob::Ignore> ignores_;                       // by resolved path
  std::set<std::string> marks_;                                       // of secrets already listed
  std::set<std::string> wanted_;                                      // buffers already requested
  std::uint64_t text_ = 0;
  std::uint64_t media_ = 0;
  std::uint64_t read_ = 0;
  std::size_t names_ = 0;
};

/// Returns a `kBadEmbed` error whose message is the clause `why`.
tl::unexpected<Error> bad_embed(std::string why);

}  // namespace chatvim::embed
