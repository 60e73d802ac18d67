// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "chatvim/text/utf8.hpp"

namespace chatvim::document {

/// Turns bytes that a server sent, cut anywhere, into text that a buffer can hold: valid UTF-8,
/// `\n` for every line break (`\r\n` and lone `\r` too), U+2400 for NUL.
class TextCleaner {
 public:
  /// The clean text of `bytes`; the beginning of a character is held back.
  std::string feed(std::string_view bytes);
  /// What was held back.
  std::string finish();

 private:
  std::string replace_controls(std::string text);

  text::Utf8Stream utf8_;
  bool after_carriage_return_ = false;
};

}  // namespace chatvim::document
