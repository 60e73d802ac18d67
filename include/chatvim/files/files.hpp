// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chatvim/error.hpp"

namespace chatvim::files {

/// What stands at a path, links followed.
struct Entry {
  enum class Kind { kMissing, kFile, kFolder, kOther };  ///< other: device, FIFO, socket
  Kind kind = Kind::kMissing;
  std::uint64_t size = 0;  ///< bytes of a file
  bool is_shared = false;  ///< everybody may write to it
};

/// One name in a folder.
struct Name {
  std::string name;
  bool is_folder = false;  ///< not where it is a link to one
  bool is_link = false;
};

/// The file system as embeds see it: a seam, so that tests can count and break. Errors are
/// clauses such as "permission denied", without a stop.
class Files {
 public:
  virtual ~Files() = default;
  virtual Result<Entry> look(const std::string& path) const = 0;
  /// The path without links, `.` and `..`. An error where it does not exist or links go in a
  /// circle.
  virtual Result<std::string> resolve(const std::string& path) const = 0;
  /// The first `most` bytes of a regular file; the path is resolved, and a link anywhere in it,
  /// which has come since then, is refused.
  /// What is no regular file when it is opened is refused, never read and never waited for.
  virtual Result<std::string> read(const std::string& path, std::uint64_t most) const = 0;
  /// The names in a folder, whose path is resolved likewise, without `.` and `..`, sorted by their
  /// bytes; an error with the code
  /// `kTooLarge` where there are more than `most`.
  virtual Result<std::vector<Name>> list(const std::string& path, std::size_t most) const = 0;
};

/// The real one.
const Files& system_files();

}  // namespace chatvim::files
