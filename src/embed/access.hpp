// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chatvim/embed/expand.hpp"

namespace chatvim::embed {

/// What the messages of one source may embed without being asked about: what lies below the chat's
/// folder and the working folder, where those are folders of a project, and what the user has
/// allowed. Credentials are asked about wherever they lie.
class Access {
 public:
  /// `source`: the file that the messages are from, absolute; empty: the chat itself.
  Access(const Context& context, const std::string& source, const files::Files& files);

  /// Whether a file may be read, or a folder with all that is below it. The path is resolved, and
  /// that of a folder ends with a slash, here and below.
  bool allows(std::string_view path) const;
  /// Why it may not, in a word for the question.
  Outside::Reason reason(std::string_view path) const;

 private:
  struct Root {
    std::string path;         ///< resolved
    bool is_allowed = false;  ///< by the user, whatever it is called itself
  };
  void add_project(const std::string& path, const files::Files& files);
  void add_allowed(const std::string& path, const files::Files& files);

  std::string home_;  ///< resolved; empty: not known, and no folder is a project's then
  std::vector<Root> roots_;
  std::vector<std::string> refused_;  ///< folders that would be a project's, but are too wide
};

}  // namespace chatvim::embed
