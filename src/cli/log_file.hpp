// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace chatvim::cli {

/// The log that `serve` keeps: lines with the time, appended to a file that is created for its
/// owner alone. At 1 MiB the file is renamed to `chatvim.1.log`, in place of the last one of that
/// name. It is opened for each line, since every Neovim of a user writes to the same file and may
/// rename it.
class LogFile {
 public:
  /// An empty path means no log.
  explicit LogFile(const std::string& path);

  /// Appends a line. A file that cannot be written is no error: there is nowhere to report it.
  void add(std::string_view line) const;

 private:
  std::filesystem::path path_;
  std::filesystem::path previous_;
};

}  // namespace chatvim::cli
