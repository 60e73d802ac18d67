// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "chatvim/error.hpp"

namespace chatvim::cli {

/// A chat file that text is appended to, its own line endings kept. A line break that ends the file
/// ends its last line, as in the editor: text goes before it. Nothing is written over when the file
/// has changed since it was read.
class ChatFile {
 public:
  /// `bytes` is what the file was read as; a file that does not exist yet was read as nothing.
  ChatFile(std::string path, std::string_view bytes);

  /// Text goes to this offset of `bytes` from now on; the first of it replaces what follows there.
  void append_at(std::size_t offset, std::string_view bytes);

  /// Whether text can be appended, as far as that can be told without doing it.
  Result<void> check_writable() const;

  /// Appends text with `\n` between lines; the file ends with a line break afterwards. An error
  /// says that the file has changed or cannot be written; nothing more is written then.
  Result<void> append(std::string_view text);

  const std::string& path() const { return path_; }

 private:
  Result<void> check_unchanged() const;
  bool ends_as_known() const;

  std::string path_;
  std::string line_break_;
  std::uintmax_t size_;  ///< the size the file must have
  std::uintmax_t end_;   ///< where the next text goes
  std::string tail_;     ///< what the file holds from there on
};

}  // namespace chatvim::cli
