// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace chatvim::cli {

/// The log of `serve` and `lsp`: appends lines with the time to a file that only its owner can
/// access. At 1 MiB the file is renamed: `chatvim.log` replaces `chatvim.1.log`. It is opened for
/// each line because all of a user's Neovim instances write to the same file and may rename it.
class LogFile {
 public:
  /// An empty path disables the log.
  explicit LogFile(const std::string& path);

  /// Appends a line, made printable. Ignores write errors, since there is nowhere to report them.
  void add(std::string_view line) const;

 private:
  std::filesystem::path path_;
  std::filesystem::path previous_;
};

}  // namespace chatvim::cli
