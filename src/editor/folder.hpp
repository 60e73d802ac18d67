// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "chatvim/error.hpp"

// Reading a folder and its files a little at a time, for who must not keep the loop waiting. Unix
// in `folder_unix.cpp`; another platform is one more file. An error's message is the reason alone,
// in the system's words.
namespace chatvim::editor {

/// A regular file that is open for reading. Owns its descriptor.
class RegularFile {
 public:
  explicit RegularFile(int fd) : fd_(fd) {}
  RegularFile(const RegularFile&) = delete;
  RegularFile& operator=(const RegularFile&) = delete;
  ~RegularFile();

  /// Adds at most `size` bytes to `bytes`; how many came, none at the end.
  Result<std::size_t> read(std::string& bytes, std::size_t size);

 private:
  int fd_;
};

/// A folder that is read entry by entry. Owns its descriptor.
class Folder {
 public:
  static Result<std::unique_ptr<Folder>> open(const std::string& path);
  ~Folder();

  /// The next entry's name; nothing at the end.
  Result<std::optional<std::string>> next();
  /// When an entry was last written to, in nanoseconds since 1970. Nothing where it is no regular
  /// file and no link to one, or is gone.
  Result<std::optional<std::int64_t>> modified(const std::string& name) const;
  /// Opens an entry that `modified` has called a regular file; nothing where it no longer is one.
  Result<std::unique_ptr<RegularFile>> open_file(const std::string& name) const;

 private:
  struct Impl;
  explicit Folder(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace chatvim::editor
