// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chatvim/error.hpp"
#include "chatvim/provider/table.hpp"

namespace chatvim::completion {

/// What the user has decided about files outside of chats' folders. It is kept in the state folder,
/// never in a chat, so that a chat cannot bring its own.
class Trust {
 public:
  /// Reads what is remembered; nothing where the file is missing or damaged.
  explicit Trust(const provider::Environment& environment);

  /// Files and folders that may be embedded.
  std::vector<std::string> embeds() const;
  /// Whether a `.chatvim.md` is used; nothing where that is undecided.
  std::optional<bool> context(const std::string& path) const;

  /// Remembers a decision about a path that may be embedded (`allowed` false forgets it).
  static Result<void> remember_embed(const provider::Environment& environment,
                                     const std::string& path, bool allowed);
  static Result<void> remember_context(const provider::Environment& environment,
                                       const std::string& path, bool allowed);

 private:
  std::vector<std::string> embeds_;
  std::vector<std::pair<std::string, bool>> contexts_;
};

}  // namespace chatvim::completion
