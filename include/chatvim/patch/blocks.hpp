// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/document/message.hpp"
#include "chatvim/error.hpp"
#include "chatvim/patch/edits.hpp"

namespace chatvim::patch {

/// Where the path of a block was found.
enum class PathSource {
  kNone,   ///< nowhere: the user must be asked
  kInfo,   ///< in the info string of its fence
  kLabel,  ///< in the line above it
  kDiff,   ///< in the header of a diff
  kQuote,  ///< the user's message names one file, and the block none
  kTool    ///< in the arguments of a proposal
};

/// Returns "", "info", "label", "diff", "quote" or "tool".
std::string_view name_of(PathSource source);

/// A code block of an answer: a fenced block, or a call of the tool `files.propose`. Paths are as
/// they were written.
struct Block {
  /// Indexes of its first line and of the line after its last in the chat, with the fences. The
  /// parts of a diff of several files are blocks of their own, with the same lines.
  std::size_t first = 0;
  std::size_t last = 0;
  Kind kind = Kind::kText;
  std::string path = {};  ///< empty if unknown
  PathSource path_from = PathSource::kNone;
  std::string language = {};  ///< of the info string; may be empty
  std::string text = {};      ///< its lines, joined with `\n`
  /// The lines of this file that the user quoted; set only if exactly one quote can be meant.
  std::optional<std::string> quoted = {};
};

/// Returns the blocks of the answer that holds the line `row` of the chat, or of the last answer,
/// in order. Blank lines, a delimiter and reasoning above an answer count as part of it. The error
/// is a sentence for the user: there is no answer, or it has no block.
Result<std::vector<Block>> read_blocks(std::span<const document::Message> messages,
                                       std::optional<std::size_t> row);

}  // namespace chatvim::patch
