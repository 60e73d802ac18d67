// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace chatvim::terminal {

/// What the user pressed, or pasted.
struct Key {
  enum class Kind {
    kText,     ///< one character, in `text`
    kPaste,    ///< any number of lines, in `text`, separated by `\n`
    kEnter,    ///< CTRL-J too, which Enter is if it was pressed before the terminal's mode was set
    kNewLine,  ///< Enter with Alt or Shift: a line break in the text
    kLeft,
    kRight,
    kUp,
    kDown,
    kHome,
    kEnd,
    kWordLeft,
    kWordRight,
    kBackspace,
    kDelete,
    kDeleteWordLeft,
    kDeleteWordRight,
    kDeleteToHome,
    kDeleteToEnd,
    kInsertDeleted,  ///< CTRL-Y: what was deleted last
    kClearScreen,
    kInterrupt,   ///< CTRL-C
    kEndOfInput,  ///< CTRL-D
    kSuspend      ///< CTRL-Z
  };
  Kind kind = Kind::kText;
  std::string text = {};

  bool operator==(const Key&) const = default;
};

/// Turns the bytes that a terminal sends, cut anywhere, into keys: UTF-8, the control characters
/// that shells use, the sequences of xterm, and bracketed paste. Unknown sequences are ignored, and
/// bytes that are not UTF-8 become U+FFFD.
class KeyReader {
 public:
  /// Returns the keys that are complete. A paste is complete at its end, and is at most 16 MiB.
  std::vector<Key> feed(std::string_view bytes);

 private:
  bool take_one(std::vector<Key>& keys);
  bool take_paste(std::vector<Key>& keys);
  bool take_escape(std::vector<Key>& keys);
  bool take_sequence(std::vector<Key>& keys);
  bool take_character(std::vector<Key>& keys);

  std::string rest_;  ///< bytes that are not read yet
  bool in_paste_ = false;
  std::string paste_;
};

}  // namespace chatvim::terminal
