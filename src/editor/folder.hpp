// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "chatvim/error.hpp"

// Reads a folder and its files in small steps, for callers that must not block the loop. The Unix
// implementation is in `folder_unix.cpp`; another platform needs one more file. An error's message
// is only the system's reason.
namespace chatvim::editor {

/// A regular file open for reading. Owns its descriptor.
class RegularFile {
 public:
  explicit RegularFile(int fd) : fd_(fd) {}
  RegularFile(const RegularFile&) = delete;
  RegularFile& operator=(const RegularFile&) = delete;
  ~RegularFile();

  /// Appends at most `size` bytes to `bytes`; returns how many, 0 at the end of the file.
  Result<std::size_t> read(std::string& bytes, std::size_t size);

 private:
  int fd_;
};

/// A folder, read entry by entry. Owns its descriptor.
class Folder {
 public:
  static Result<std::unique_ptr<Folder>> open(const std::string& path);
  ~Folder();

  /// Returns the next entry's name, or nothing at the end.
  Result<std::optional<std::string>> next();
  /// Returns the time of an entry's last modification, in nanoseconds since 1970, or nothing if it
  /// is not a regular file or a link to one, or no longer exists.
  Result<std::optional<std::int64_t>> modified(const std::string& name) const;
  /// Opens an entry for which `modified` returned a time. Returns null if it is no longer a regular
  /// file.
  Result<std::unique_ptr<RegularFile>> open_file(const std::string& name) const;

 private:
  struct Impl;
  explicit Folder(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace chatvim::editor
