// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "chatvim/text/utf8.hpp"

namespace chatvim::document {

/// Turns bytes from a server, split anywhere, into text that a buffer can hold: valid UTF-8, `\n`
/// for every line break (including `\r\n` and a lone `\r`), U+2400 for NUL.
class TextCleaner {
 public:
  /// Returns the cleaned text; holds back an incomplete character at the end.
  std::string feed(std::string_view bytes);
  /// Returns what was held back.
  std::string finish();

 private:
  std::string replace_controls(std::string text);

  text::Utf8Stream utf8_;
  bool after_carriage_return_ = false;
};

}  // namespace chatvim::document
