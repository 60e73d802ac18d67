// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "chatvim/json.hpp"

namespace chatvim::json {

/// Reads one JSON text (RFC 8259) from start to end without building a tree: the caller requests
/// the values it expects and skips the rest. There are two reasons not to use nlohmann's parser.
/// The text of a stream may be split inside a character, so that an event ends with half a
/// surrogate pair or incomplete UTF-8. Both are accepted here: half a pair is returned as three
/// bytes (WTF-8) and other bytes unchanged, for `text::Utf8Stream` to join. And it reads a burst of
/// events several times faster. Once the text turns out not to be JSON, every read fails and
/// `complete` returns false. Does not own the text.
class JsonCursor {
 public:
  enum class Kind { kObject, kArray, kString, kNumber, kTrue, kFalse, kNull, kBad };
  static constexpr int kMaxDepth = 64;

  explicit JsonCursor(std::string_view text) : text_(text) {}

  /// Returns the kind of the next value.
  Kind kind();
  /// Reads an object. `on_member(std::string_view key)` must read exactly one value; the key is
  /// only valid until it does.
  template <class OnMember>
  bool object(OnMember&& on_member);
  /// Reads an array. `on_element()` must read exactly one value.
  template <class OnElement>
  bool array(OnElement&& on_element);
  /// Like `object` and `array`, but skips a value of another kind.
  template <class OnMember>
  void members(OnMember&& on_member);
  template <class OnElement>
  void elements(OnElement&& on_element);
  /// Reads a string into `out`.
  bool string(std::string& out);
  /// Reads a string into `out`; skips a value of another kind and returns false.
  bool string_or_skip(std::string& out);
  /// Reads any value and returns it if it is a whole number.
  std::optional<std::int64_t> integer_or_skip();
  /// Reads any value and returns its source text.
  std::string_view raw();
  /// Reads any value and returns whether it carries information: false for null, false, 0, empty
  /// values, and objects and arrays that contain nothing else.
  bool truthy();
  /// Reads any value into a tree with valid UTF-8 strings.
  Json tree();
  void skip();

  /// Whether exactly one complete value was read.
  bool complete();
  /// Like `complete`, but lenient: a skipped value may be a bare word such as NaN (which Python
  /// writes), strings may contain tabs, and a comma may follow the last member or element.
  bool readable();
  /// Whether such a bare word was skipped.
  bool odd() const { return odd_; }
  bool failed() const { return failed_; }
  /// Returns the unread text.
  std::string_view rest() const { return text_.substr(at_); }

 private:
  void skip_space();
  bool take(char wanted);
  bool open(char bracket);
  bool next(char closing, bool first);
  bool fail();
  bool literal(std::string_view word);
  bool number();
  bool bare_word();
  bool digits();
  bool skip_string();
  bool key(std::string_view& out);
  bool string_tail(std::string& out);
  bool skip_tab();
  bool escape(std::string& out);
  bool hex4(std::uint32_t& out);
  Json number_tree();

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool failed_ = false;
  bool odd_ = false;
  bool loose_ = false;  // a tab or comma that JSON forbids was skipped
  std::string key_;     // the current key if it contains escapes
};

// The steps that every value takes are in the header so that they can be inlined.

inline void JsonCursor::skip_space() {
  while (at_ < text_.size() && text_[at_] <= ' ' &&
         (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
    ++at_;
  }
}

inline bool JsonCursor::take(char wanted) {
  if (at_ >= text_.size() || text_[at_] != wanted) return false;
  ++at_;
  return true;
}

inline bool JsonCursor::open(char bracket) {
  skip_space();
  if (depth_ == kMaxDepth || !take(bracket)) return fail();
  ++depth_;
  return true;
}

/// Returns whether another member or element follows; false at the end of the object or array.
inline bool JsonCursor::next(char closing, bool first) {
  skip_space();
  if (take(closing)) {
    --depth_;
    return false;
  }
  if (!first) {
    if (!take(',')) return fail();
    skip_space();
    if (take(closing)) {  // trailing comma
      loose_ = true;
      --depth_;
      return false;
    }
  }
  return at_ < text_.size() || fail();
}

template <class OnMember>
bool JsonCursor::object(OnMember&& on_member) {
  if (!open('{')) return false;
  for (bool first = true; next('}', first); first = false) {
    std::string_view name;
    skip_space();
    if (!key(name)) return fail();
    skip_space();
    if (!take(':')) return fail();
    on_member(name);
  }
  return !failed_;
}

template <class OnElement>
bool JsonCursor::array(OnElement&& on_element) {
  if (!open('[')) return false;
  for (bool first = true; next(']', first); first = false) on_element();
  return !failed_;
}

template <class OnMember>
void JsonCursor::members(OnMember&& on_member) {
  if (kind() == Kind::kObject) {
    object(on_member);
  } else {
    skip();
  }
}

template <class OnElement>
void JsonCursor::elements(OnElement&& on_element) {
  if (kind() == Kind::kArray) {
    array(on_element);
  } else {
    skip();
  }
}

}  // namespace chatvim::json
