// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "chatvim/terminal/history.hpp"
#include "chatvim/terminal/keys.hpp"

namespace chatvim::terminal {

/// A text of one line or more that the user edits key by key, as in a shell. Has no terminal:
/// `draw` in screen.hpp shows it.
class LineEditor {
 public:
  /// What the caller must do after a key.
  enum class Event { kNone, kEntered, kCancelled, kEnded, kClearScreen, kSuspend };

  /// `history` must outlive it. Enter adds a line if the text ends with `\`, which goes, and while
  /// `is_open` says that the text is not complete.
  LineEditor(History& history, std::function<bool(std::string_view text)> is_open)
      : history_(history), is_open_(std::move(is_open)) {}

  Event take(const Key& key);
  const std::string& text() const { return text_; }
  /// Returns the offset in bytes of the cursor.
  std::size_t cursor() const { return cursor_; }
  /// Begins a new text.
  void clear();

 private:
  Event enter();
  void remove(Key::Kind kind);
  void move_to_line(bool up);
  void show(const std::string& text);
  void insert(std::string_view text);
  void erase(std::size_t from, std::size_t to, bool keeps);
  std::size_t target(Key::Kind kind) const;
  std::size_t before(std::size_t offset) const;
  std::size_t after(std::size_t offset) const;
  std::size_t word_before() const;
  std::size_t word_after() const;
  std::size_t line_start(std::size_t offset) const;
  std::size_t line_end(std::size_t offset) const;

  History& history_;
  std::function<bool(std::string_view)> is_open_;
  std::string text_;
  std::size_t cursor_ = 0;
  std::string deleted_;  ///< by the last command that keeps what it deletes
};

}  // namespace chatvim::terminal
