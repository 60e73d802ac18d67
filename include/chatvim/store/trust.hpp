// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/error.hpp"
#include "chatvim/json.hpp"
#include "chatvim/provider/table.hpp"

namespace chatvim::store {

/// What the user has decided about chats from elsewhere. It is kept in the state folder, never in a
/// chat, so that a chat cannot bring its own.
class Trust {
 public:
  /// What was decided about a folder's `.chatvim.md`.
  enum class Context {
    kUndecided,
    kChanged,  ///< it was used, and its text is another one now
    kUse,
    kNever
  };

  /// Reads what is remembered; nothing where the file is missing or damaged.
  explicit Trust(const Environment& environment);

  /// Files and folders that may be embedded.
  std::vector<std::string> embeds() const;
  /// The decision about a `.chatvim.md` with this text.
  Context context(const std::string& path, std::string_view text) const;
  /// The text that was last used of it, where that is known.
  std::optional<std::string> context_before(const std::string& path) const;
  /// Whether a request may be what a document wants it to be beyond what any may say; the demands
  /// are known by their hash.
  bool allows_demands(const std::string& mark) const;
  /// Whether a document may choose this server of the user's own machine.
  bool allows_server(const std::string& provider) const;

  /// Remembers a decision about a path that may be embedded (`allowed` false forgets it).
  static Result<void> remember_embed(const Environment& environment, const std::string& path,
                                     bool allowed);
  /// Remembers that a `.chatvim.md` is used as long as it has this text, or (`text` missing) that
  /// it never is.
  static Result<void> remember_context(const Environment& environment, const std::string& path,
                                       const std::optional<std::string>& text);
  static Result<void> remember_demands(const Environment& environment, const std::string& mark);
  static Result<void> remember_server(const Environment& environment, const std::string& provider);

 private:
  bool has(const char* table, const std::string& key) const;

  std::string folder_;
  std::shared_ptr<const Json> state_;
};

}  // namespace chatvim::store
