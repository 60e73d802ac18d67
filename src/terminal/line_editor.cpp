// SPDX-License-Identifier: Apache-2.0
#include "chatvim/terminal/line_editor.hpp"

#include <utf8.h>

#include <algorithm>

#include "chatvim/text/width.hpp"

namespace chatvim::terminal {

namespace {

using Kind = Key::Kind;
using Event = LineEditor::Event;

constexpr std::size_t kMostTextBytes = 16UL * 1024 * 1024;

bool is_continuation(char character) {
  return (static_cast<unsigned char>(character) & 0xC0U) == 0x80;
}

bool is_word(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= 'a' && byte <= 'z') || byte == '_';
}

/// Whether the character at the offset is drawn in the cell of the one before it.
bool combines(const std::string& text, std::size_t offset) {
  if (offset >= text.size() || text[offset] == '\n') return false;
  auto at = text.begin() + static_cast<std::ptrdiff_t>(offset);
  return text::cells_of(static_cast<char32_t>(utf8::unchecked::next(at))) == 0;
}

}  // namespace

Event LineEditor::take(const Key& key) {
  switch (key.kind) {
    case Kind::kText:
    case Kind::kPaste:
      insert(key.text);
      return Event::kNone;
    case Kind::kNewLine:
      insert("\n");
      return Event::kNone;
    case Kind::kInsertDeleted:
      insert(std::string(deleted_));
      return Event::kNone;
    case Kind::kEnter:
      return enter();
    case Kind::kInterrupt:
      return Event::kCancelled;
    case Kind::kEndOfInput:
      if (text_.empty()) return Event::kEnded;
      erase(cursor_, after(cursor_), false);
      return Event::kNone;
    case Kind::kClearScreen:
      return Event::kClearScreen;
    case Kind::kSuspend:
      return Event::kSuspend;
    case Kind::kUp:
    case Kind::kDown:
      move_to_line(key.kind == Kind::kUp);
      return Event::kNone;
    case Kind::kLeft:
    case Kind::kRight:
    case Kind::kHome:
    case Kind::kEnd:
    case Kind::kWordLeft:
    case Kind::kWordRight:
      cursor_ = target(key.kind);
      return Event::kNone;
    default:
      remove(key.kind);
      return Event::kNone;
  }
}

void LineEditor::clear() {
  text_.clear();
  cursor_ = 0;
  history_.leave();
}

Event LineEditor::enter() {
  const std::size_t last = text_.find_last_not_of('\\');
  const std::size_t slashes = text_.size() - (last == std::string::npos ? 0 : last + 1);
  const bool goes_on = slashes % 2 == 1;
  if (goes_on) text_.pop_back();
  if (!goes_on && (!is_open_ || !is_open_(text_))) return Event::kEntered;
  cursor_ = text_.size();
  insert("\n");
  return Event::kNone;
}

/// Returns where a key moves the cursor.
std::size_t LineEditor::target(Kind kind) const {
  switch (kind) {
    case Kind::kLeft:
      return before(cursor_);
    case Kind::kRight:
      return after(cursor_);
    case Kind::kHome:
      return line_start(cursor_);
    case Kind::kEnd:
      return line_end(cursor_);
    case Kind::kWordLeft:
      return word_before();
    case Kind::kWordRight:
      return word_after();
    default:
      return cursor_;
  }
}

void LineEditor::remove(Kind kind) {
  switch (kind) {
    case Kind::kBackspace:
      return erase(before(cursor_), cursor_, false);
    case Kind::kDelete:
      return erase(cursor_, after(cursor_), false);
    case Kind::kDeleteWordLeft:
      return erase(word_before(), cursor_, true);
    case Kind::kDeleteWordRight:
      return erase(cursor_, word_after(), true);
    case Kind::kDeleteToHome:
      return erase(line_start(cursor_), cursor_, true);
    case Kind::kDeleteToEnd:
      return erase(cursor_, line_end(cursor_), true);
    default:
      return;
  }
}

/// Moves to the line above or below; from the first and the last line into the history.
void LineEditor::move_to_line(bool up) {
  const std::size_t start = line_start(cursor_);
  const std::size_t end = line_end(cursor_);
  if (up && start == 0) {
    if (const auto entry = history_.older(text_)) show(*entry);
  } else if (!up && end == text_.size()) {
    if (const auto entry = history_.newer()) show(*entry);
  } else {
    const std::size_t other = up ? line_start(start - 1) : end + 1;
    cursor_ = std::min(other + (cursor_ - start), line_end(other));
    while (cursor_ > other && cursor_ < text_.size() && is_continuation(text_[cursor_])) --cursor_;
  }
}

void LineEditor::show(const std::string& text) {
  text_ = text;
  cursor_ = text_.size();
}

void LineEditor::insert(std::string_view text) {
  if (text.size() > kMostTextBytes - std::min(kMostTextBytes, text_.size())) return;
  text_.insert(cursor_, text);
  cursor_ += text.size();
  history_.leave();
}

void LineEditor::erase(std::size_t from, std::size_t to, bool keeps) {
  if (from == to) return;
  if (keeps) deleted_ = text_.substr(from, to - from);
  text_.erase(from, to - from);
  cursor_ = from;
  history_.leave();
}

std::size_t LineEditor::before(std::size_t offset) const {
  while (offset > 0) {
    --offset;
    if (!is_continuation(text_[offset]) && !combines(text_, offset)) break;
  }
  return offset;
}

std::size_t LineEditor::after(std::size_t offset) const {
  if (offset >= text_.size()) return text_.size();
  ++offset;
  while (offset < text_.size() && (is_continuation(text_[offset]) || combines(text_, offset))) {
    ++offset;
  }
  return offset;
}

std::size_t LineEditor::word_before() const {
  std::size_t at = cursor_;
  while (at > 0 && !is_word(text_[at - 1])) --at;
  while (at > 0 && is_word(text_[at - 1])) --at;
  return at;
}

std::size_t LineEditor::word_after() const {
  std::size_t at = cursor_;
  while (at < text_.size() && !is_word(text_[at])) ++at;
  while (at < text_.size() && is_word(text_[at])) ++at;
  return at;
}

std::size_t LineEditor::line_start(std::size_t offset) const {
  const std::size_t found = offset == 0 ? std::string::npos : text_.rfind('\n', offset - 1);
  return found == std::string::npos ? 0 : found + 1;
}

std::size_t LineEditor::line_end(std::size_t offset) const {
  return std::min(text_.find('\n', offset), text_.size());
}

}  // namespace chatvim::terminal
