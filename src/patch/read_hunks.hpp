// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/error.hpp"
#include "comparison.hpp"

namespace chatvim::patch {

/// A hunk of a unified diff (GNU diffutils, "Detailed Description of Unified Format"). The lines
/// are views into the diff.
struct Hunk {
  /// A line with its mark: ' ', '-' or '+'.
  struct Line {
    char mark = ' ';
    std::string_view text;
  };
  std::vector<Line> lines;
  std::optional<std::size_t> old_start;  ///< the number in its header, if it has one
  std::optional<std::size_t> new_start;
  bool counts_are_right = false;  ///< its header counts its lines rightly
  std::size_t blank_tail = 0;     ///< blank lines at its end, which may not belong to it

  Lines old_lines() const;
};

/// What a diff says about one file.
struct FileHunks {
  std::vector<Hunk> hunks;
  bool deletes_file = false;  ///< the new file is /dev/null
};

/// Reads a unified diff of one file as models write it: headers of hunks without numbers or with
/// wrong ones, blank context lines without their space, `\r` at the ends. Other lines before the
/// first hunk are skipped. The error is a clause.
tl::expected<FileHunks, std::string> read_hunks(const Lines& lines);

}  // namespace chatvim::patch
