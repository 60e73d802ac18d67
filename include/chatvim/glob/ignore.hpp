// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/files/files.hpp"

namespace chatvim::glob {

/// One file of patterns such as .gitignore (gitignore(5)).
class IgnoreFile {
 public:
  explicit IgnoreFile(std::string_view text);

  enum class Verdict { kNone, kIgnored, kWanted };
  /// What the last pattern that matches says. The path is seen from the folder of the file.
  Verdict look(std::string_view path, bool is_folder) const;

 private:
  struct Rule {
    std::string pattern;
    bool negated = false;
    bool only_folders = false;
    bool only_name = false;  ///< matched with the last component alone
    std::size_t plain = 0;   ///< bytes at its beginning that stand for themselves
  };
  static bool fits(const Rule& rule, std::string_view path);
  std::vector<Rule> rules_;
};

/// What git would ignore in a folder: patterns of .gitignore there and above, up to the top of the
/// repository, and of its .git/info/exclude. It is own code, since libgit2 and git itself read the
/// configuration of a repository, which may name programs to run, and a folder need not be in one.
/// For the same reason the user's own list of patterns, which only git's configuration names, is
/// not used.
///
/// A chain of folders: each knows the one above, so that going down costs one file a folder.
class Ignore {
 public:
  /// For a folder to start from; the path is resolved.
  static Ignore at(const std::string& folder, const files::Files& files);
  /// For a folder in this one.
  Ignore below(const std::string& name, const files::Files& files) const;
  const std::string& folder() const { return folder_; }
  /// Whether git ignores a name in the folder.
  bool ignores(std::string_view name, bool is_folder) const;

 private:
  struct Level {
    std::string folder;
    std::shared_ptr<const IgnoreFile> patterns;
  };
  explicit Ignore(std::string folder) : folder_(std::move(folder)) {}
  void add(const std::string& folder, const std::string& file, const files::Files& files);

  std::string folder_;
  std::vector<Level> levels_;  ///< the strongest last
};

}  // namespace chatvim::glob
