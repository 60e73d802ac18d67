// SPDX-License-Identifier: Apache-2.0
#include "chatvim/document/clean_text.hpp"

#include <utility>

namespace chatvim::document {

std::string TextCleaner::feed(std::string_view bytes) {
  return replace_controls(utf8_.feed(bytes));
}

std::string TextCleaner::finish() { return replace_controls(utf8_.finish()); }

std::string TextCleaner::replace_controls(std::string text) {
  constexpr std::string_view kSymbolForNull = "\xE2\x90\x80";
  const bool clean = text.find('\r') == std::string::npos && text.find('\0') == std::string::npos;
  if (text.empty() || (clean && !after_carriage_return_)) {
    return text;
  }
  std::string out;
  out.reserve(text.size());
  for (const char character : text) {
    // A `\r` is emitted as a line break at once; a `\n` that follows is part of it.
    const bool second_half = character == '\n' && after_carriage_return_;
    after_carriage_return_ = character == '\r';
    if (character == '\0') {
      out += kSymbolForNull;
    } else if (!second_half) {
      out += character == '\r' ? '\n' : character;
    }
  }
  return out;
}

}  // namespace chatvim::document
