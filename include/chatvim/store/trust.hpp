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

/// The user's decisions about what chats may do. They are stored in the state folder, never in a
/// chat, so that a chat cannot grant itself permissions.
class Trust {
 public:
  /// The decision about a folder's `.chatvim.md`.
  enum class Context {
    kUndecided,
    kChanged,  ///< it was used, but its text has changed since
    kUse,
    kNever
  };
  /// The decision about a tool of a server.
  enum class Tool {
    kUndecided,
    kChanged,  ///< it was allowed, but what the server says about it has changed since
    kAllowed
  };

  /// Reads the stored decisions. A missing or damaged file counts as empty.
  explicit Trust(const Environment& environment);

  /// Returns the files and folders that may be embedded.
  std::vector<std::string> embeds() const;
  /// Returns the decision about a `.chatvim.md` with this text.
  Context context(const std::string& path, std::string_view text) const;
  /// Returns the text of it that was last used, if known.
  std::optional<std::string> context_before(const std::string& path) const;
  /// Whether the user has allowed demands of a document that exceed a document's rights; `mark` is
  /// their hash.
  bool allows_demands(const std::string& mark) const;
  /// Whether a document may choose this local server.
  bool allows_server(const std::string& provider) const;
  /// Whether a server of tools may be started; here and below, `command_line` is
  /// `tools::command_line`.
  bool allows_start(const std::string& command_line) const;
  /// Returns the decision about a tool by its server's own name for it. `pin_text` is
  /// `tools::pin_text`.
  Tool tool(const std::string& command_line, const std::string& name,
            std::string_view pin_text) const;
  /// Returns the text with which it was allowed, if known.
  std::optional<std::string> tool_before(const std::string& command_line,
                                         const std::string& name) const;

  /// Stores the permission to embed a path, or deletes it if `allowed` is false.
  static Result<void> remember_embed(const Environment& environment, const std::string& path,
                                     bool allowed);
  /// Stores that a `.chatvim.md` is used while it has this text, or, without `text`, that it is
  /// never used.
  static Result<void> remember_context(const Environment& environment, const std::string& path,
                                       const std::optional<std::string>& text);
  static Result<void> remember_demands(const Environment& environment, const std::string& mark);
  static Result<void> remember_server(const Environment& environment, const std::string& provider);
  static Result<void> remember_start(const Environment& environment,
                                     const std::string& command_line);
  /// Stores that a tool is allowed while its server says this about it.
  static Result<void> remember_tool(const Environment& environment, const std::string& command_line,
                                    const std::string& name, std::string_view pin_text);
  /// Forgets everything about a server.
  static Result<void> forget_tools(const Environment& environment, const std::string& command_line);

 private:
  bool has(const char* table, const std::string& key) const;
  std::optional<std::string> tool_hash(const std::string& command_line,
                                       const std::string& name) const;

  std::string folder_;
  std::shared_ptr<const Json> state_;
};

}  // namespace chatvim::store
