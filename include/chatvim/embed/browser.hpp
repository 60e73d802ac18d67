// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/embed/expand.hpp"
#include "chatvim/glob/ignore.hpp"

namespace chatvim::embed {

class Session;

/// What a path names.
struct FoundPath {
  std::string path;  ///< resolved
  files::Entry::Kind kind = files::Entry::Kind::kMissing;
  std::uint64_t size = 0;          ///< bytes of a file
  std::optional<Outside> outside;  ///< set if the user must allow it before it is read
};

/// One entry of a folder.
struct FolderEntry {
  std::string name;
  std::string path;  ///< resolved; empty if `reason` is set
  bool is_folder = false;
  std::string reason;  ///< why it may not be read, as a clause; empty if it may
};

/// The entries of a folder that git does not ignore, and the number of the others.
struct FolderList {
  std::vector<FolderEntry> entries;  ///< sorted bytewise
  std::size_t ignored = 0;
};

/// Reads files and folders for tools, by the rules of embeds: what is outside, ignore files, names
/// that suggest credentials, links, unsaved buffers, keys in text. Errors are clauses.
class Browser {
 public:
  /// Both arguments must outlive the browser.
  explicit Browser(const Context& context, const files::Files& files = files::system_files());
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;
  ~Browser();

  /// Finds a file or folder. A relative path is relative to the working folder if that is a project
  /// folder, then to the chat's folder; an empty one names the first of them. `~` is expanded,
  /// variables are not.
  Result<FoundPath> find(const std::string& path) const;
  /// Like `find`, but the file may be missing: then its path is below the first of those folders,
  /// in which its own folder may be missing too.
  Result<FoundPath> find_place(const std::string& path) const;
  /// Lists a folder, whose path must come from this class; more than `most` entries are an error. A
  /// link to a folder is an entry with a reason, so that a walk never returns to a folder.
  Result<FolderList> list(const std::string& path, std::size_t most);
  /// Returns `most` bytes of a file from an offset on, of its buffer if it has one. If the buffer's
  /// text has to be requested, the error has the code `kUnsaved` and its path as the message.
  Result<std::string> read(const std::string& path, std::uint64_t offset, std::uint64_t most) const;
  /// Returns the size of a file, of its buffer if that is known; 0 if it cannot be read.
  std::uint64_t size(const std::string& path) const;
  /// Returns why a file with these first bytes is not text, or "". `is_whole`: it has no others.
  static std::string why_not_text(std::string_view head, bool is_whole, const std::string& path);
  /// Returns the places in a part of a file that look like keys and that the user has not
  /// confirmed. `first_line` is the number of the part's first line, `name` the file's name for
  /// display.
  std::vector<Secret> secrets(const std::string& path, const std::string& name,
                              std::string_view part, std::size_t first_line) const;

 private:
  std::vector<std::string> folders() const;
  std::string expanded(const std::string& path) const;
  FoundPath found(const std::string& written, std::string path, files::Entry entry) const;

  std::unique_ptr<Session> session_;
  std::map<std::string, const glob::Ignore*> ignores_;  ///< of listed folders
};

}  // namespace chatvim::embed
