// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chatvim/error.hpp"

namespace chatvim::files {

/// What exists at a path, after following links.
struct Entry {
  enum class Kind { kMissing, kFile, kFolder, kOther };  ///< kOther: a device, FIFO or socket
  Kind kind = Kind::kMissing;
  std::uint64_t size = 0;  ///< bytes of a file
  bool is_shared = false;  ///< world-writable
};

/// One entry of a folder.
struct Name {
  std::string name;
  bool is_folder = false;  ///< false for a link to a folder
  bool is_link = false;
};

/// The file system as embeds see it; an interface, so that tests can count calls and inject errors.
/// Error messages are clauses such as "permission denied", without a period.
class Files {
 public:
  virtual ~Files() = default;
  virtual Result<Entry> look(const std::string& path) const = 0;
  /// Returns the path without links, `.` and `..`. Fails if it does not exist or its links form a
  /// cycle.
  virtual Result<std::string> resolve(const std::string& path) const = 0;
  /// Returns the first `most` bytes of a regular file. The path must be resolved; a link that has
  /// appeared anywhere in it since then is an error. Anything other than a regular file when opened
  /// is an error, and is never read or waited for.
  virtual Result<std::string> read(const std::string& path, std::uint64_t most) const = 0;
  /// The same from an offset on; empty at the end of the file and beyond it. Unless overridden, it
  /// reads what comes before as well.
  virtual Result<std::string> read_part(const std::string& path, std::uint64_t offset,
                                        std::uint64_t most) const;
  /// Returns the entries of a folder except `.` and `..`, sorted bytewise. The path must be
  /// resolved, as above. More than `most` entries are an error with the code `kTooLarge`.
  virtual Result<std::vector<Name>> list(const std::string& path, std::size_t most) const = 0;
};

/// Returns the real file system.
const Files& system_files();

}  // namespace chatvim::files
