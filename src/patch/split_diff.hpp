// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace chatvim::patch {

/// The part of a diff that concerns one file.
struct FileDiff {
  std::string path;  ///< that its header names, without `a/` or `b/`; empty if it has no header
  std::string text;  ///< its lines, joined with `\n`
};

/// Returns whether a block is a diff by its text: it has a hunk header at its start, or after the
/// header of a file, and below that only lines of hunks.
bool looks_like_diff(std::string_view text);

/// Splits a unified diff at the headers of files. A diff without any is one part.
std::vector<FileDiff> split_diff(std::string_view text);

}  // namespace chatvim::patch
