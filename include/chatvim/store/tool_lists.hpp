// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chatvim/error.hpp"
#include "chatvim/tools/tool.hpp"

namespace chatvim::store {

/// What a server of tools said when it last ran, so that its tools can be offered before it has
/// started.
struct KnownTools {
  std::vector<tools::Tool> tools;  ///< in the server's order, without labels
  std::string kind;                ///< of the server's protocol, as a word; may be empty
};

/// The stored lists of tools, one file for each server in the state folder. A missing or damaged
/// file counts as unknown.
class ToolLists {
 public:
  static constexpr std::size_t kMostTools = 512;                ///< of one server
  static constexpr std::size_t kMostBytes = 4UL * 1024 * 1024;  ///< of a file
  static constexpr std::size_t kMostServers = 64;  ///< beyond that, the oldest file is removed

  /// With an empty `state_folder`, nothing is stored.
  explicit ToolLists(const std::string& state_folder);

  /// Returns what is known about the server with this `tools::command_line`, or nothing.
  std::optional<KnownTools> find(const std::string& command_line) const;
  /// Stores a list atomically, with the modes of other state files. A list beyond the limits is an
  /// error, and what was stored before stays.
  Result<void> remember(const std::string& command_line, const KnownTools& known) const;
  /// Removes a list.
  void forget(const std::string& command_line) const;

 private:
  std::string path_of(const std::string& command_line) const;
  void remove_oldest() const;

  std::string folder_;
};

}  // namespace chatvim::store
