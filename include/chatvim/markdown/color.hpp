// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace chatvim::markdown {

/// Colors markdown for a terminal while it arrives in pieces, split anywhere: headings, the
/// delimiters of a chat, emphasis, code, lists, quotes, targets of links. The result is the text
/// with SGR sequences (ECMA-48, 8.3.117) between its characters, and the same for any split.
///
/// Text is emitted as it arrives. Held back is only what the next character decides: the beginning
/// of a line, a run of `*`, `_` or backticks, and the line that opens a code fence. What CommonMark
/// decides by text further on is guessed: an unmatched `**` is bold until its paragraph ends.
class Colorizer {
 public:
  Colorizer();
  ~Colorizer();
  Colorizer(Colorizer&& other) noexcept;
  Colorizer& operator=(Colorizer&& other) noexcept;

  /// Takes the next piece of the text and returns what can be shown.
  std::string feed(std::string_view text);
  /// Ends the text: returns what was held back, and the sequence that resets the style. What comes
  /// then is a new text.
  std::string finish();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace chatvim::markdown
