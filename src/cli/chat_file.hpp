// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "chatvim/error.hpp"

namespace chatvim::cli {

/// Appends text to a chat file and keeps its line endings. As in the editor, a line break at the
/// end of the file ends its last line, so text goes before it. Refuses to write if the file has
/// changed since it was read.
class ChatFile {
 public:
  /// `bytes` is the content that was read; empty for a file that does not exist yet.
  ChatFile(std::string path, std::string_view bytes);

  /// Sets the offset in `bytes` for the next text, which replaces everything after it.
  void append_at(std::size_t offset, std::string_view bytes);

  /// Checks that text can be appended, as far as is possible without doing so.
  Result<void> check_writable() const;

  /// Appends text with `\n` between lines, followed by a line break. Fails if the file has changed
  /// or cannot be written; do not write any more in that case.
  Result<void> append(std::string_view text);

  /// Writes text as `append` does, but the next text replaces it: what the file shall have if this
  /// program ends before that.
  Result<void> append_draft(std::string_view text);

  const std::string& path() const { return path_; }

 private:
  Result<void> check_unchanged() const;
  Result<void> write(std::string_view bytes);
  std::string with_line_breaks(std::string_view text) const;
  bool ends_as_known() const;

  std::string path_;
  std::string line_break_;
  std::uintmax_t size_;  ///< the expected size of the file
  std::uintmax_t end_;   ///< offset for the next text
  std::string tail_;     ///< expected content from `end_` on
};

}  // namespace chatvim::cli
