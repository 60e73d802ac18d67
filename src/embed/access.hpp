// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chatvim/embed/expand.hpp"

namespace chatvim::embed {

/// What the messages of one source may embed without asking the user: files below the chat's folder
/// and the working folder, if those are project folders, and what the user has allowed. Files that
/// may hold credentials always need permission.
class Access {
 public:
  /// `source` is the file that contains the messages, absolute; empty for the chat itself.
  Access(const Context& context, const std::string& source, const files::Files& files);

  /// Whether a file, or a folder with everything below it, may be read. Here and below, the path
  /// must be resolved, and a folder's must end with a slash.
  bool allows(std::string_view path) const;
  /// Returns why it may not, for the question to the user.
  Outside::Reason reason(std::string_view path) const;

 private:
  struct Root {
    std::string path;         ///< resolved
    bool is_allowed = false;  ///< by the user, so its own name is not checked
  };
  void add_project(const std::string& path, const files::Files& files);
  void add_allowed(const std::string& path, const files::Files& files);

  std::string home_;  ///< resolved; empty if unknown, and then no folder counts as a project
  std::vector<Root> roots_;
  std::vector<std::string> refused_;  ///< folders that are too wide or shared to count as a project
};

}  // namespace chatvim::embed
