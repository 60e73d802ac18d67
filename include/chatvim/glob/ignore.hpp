// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/files/files.hpp"

namespace chatvim::glob {

/// One file of ignore patterns, such as .gitignore (gitignore(5)).
class IgnoreFile {
 public:
  explicit IgnoreFile(std::string_view text);

  enum class Verdict { kNone, kIgnored, kWanted };
  /// Returns the verdict of the last matching pattern. The path is relative to the folder of the
  /// file.
  Verdict look(std::string_view path, bool is_folder) const;

 private:
  struct Rule {
    std::string pattern;
    bool negated = false;
    bool only_folders = false;
    bool only_name = false;  ///< compared with the last path component only
    std::size_t plain = 0;   ///< bytes at the start of `pattern` without wildcards
  };
  static bool fits(const Rule& rule, std::string_view path);
  std::vector<Rule> rules_;
};

/// What git would ignore in a folder: the patterns of .gitignore files there and above, up to the
/// top of the repository, and of its .git/info/exclude. This is our own code because libgit2 and
/// git read the configuration of a repository, which may name programs to run, and because a folder
/// need not be in a repository. For the first reason the user's global ignore file, which only
/// git's configuration names, is not used.
///
/// Each object knows its folder and those above it, so that descending costs one file per folder.
class Ignore {
 public:
  /// Starts at a folder, whose path must be resolved.
  static Ignore at(const std::string& folder, const files::Files& files);
  /// Returns the object for a subfolder of this one.
  Ignore below(const std::string& name, const files::Files& files) const;
  const std::string& folder() const { return folder_; }
  /// Whether git ignores an entry of the folder.
  bool ignores(std::string_view name, bool is_folder) const;

 private:
  struct Level {
    std::string folder;
    std::shared_ptr<const IgnoreFile> patterns;
  };
  explicit Ignore(std::string folder) : folder_(std::move(folder)) {}
  void add(const std::string& folder, const std::string& file, const files::Files& files);

  std::string folder_;
  std::vector<Level> levels_;  ///< strongest last
};

}  // namespace chatvim::glob
