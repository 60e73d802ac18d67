// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "chatvim/json.hpp"

namespace chatvim::json {

/// Reads one JSON text (RFC 8259) from front to back without building a tree: the caller asks for
/// what it expects and skips the rest. It exists beside nlohmann's parser for two reasons. A
/// stream's text may be cut inside a character, so that one event ends with half a surrogate pair
/// or with bytes that are not UTF-8 yet; here both are taken: halves come out as three bytes each
/// (WTF-8) and bytes as they are, for `text::Utf8Stream` to join. And it reads a burst of events
/// several times faster. Once the text turns out not to be JSON, every read fails and `complete` is
/// false. It does not own the text.
class JsonCursor {
 public:
  enum class Kind { kObject, kArray, kString, kNumber, kTrue, kFalse, kNull, kBad };
  static constexpr int kMaxDepth = 64;

  explicit JsonCursor(std::string_view text) : text_(text) {}

  /// What comes next.
  Kind kind();
  /// Reads an object; `on_member(std::string_view key)` reads exactly one value. The key is valid
  /// until then.
  template <class OnMember>
  bool object(OnMember&& on_member);
  /// Reads an array; `on_element()` reads exactly one value.
  template <class OnElement>
  bool array(OnElement&& on_element);
  /// Like `object` and `array`, but a value of another kind is skipped.
  template <class OnMember>
  void members(OnMember&& on_member);
  template <class OnElement>
  void elements(OnElement&& on_element);
  /// Reads a string into `out`.
  bool string(std::string& out);
  /// Reads a string into `out`, or skips a value of another kind and gives false.
  bool string_or_skip(std::string& out);
  /// Reads any value; gives its number where it is a whole one.
  std::optional<std::int64_t> integer_or_skip();
  /// Reads any value; gives its text.
  std::string_view raw();
  /// Reads any value; true when it says something: not null, false, 0, empty, or holding nothing
  /// but those.
  bool truthy();
  /// Reads any value into a tree, its strings as valid UTF-8.
  Json tree();
  void skip();

  /// True when one whole value and nothing else was read.
  bool complete();
  /// The same, but a value inside that nobody asked for may be a bare word such as NaN, which
  /// Python writes, a string may hold tabs, and a comma may follow the last member or element.
  bool readable();
  /// True when there was such a word.
  bool odd() const { return odd_; }
  bool failed() const { return failed_; }
  /// What has not been read.
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
  bool loose_ = false;  // there was a tab or a comma that JSON forbids
  std::string key_;     // a key that holds escapes
};

// The steps that every value takes are here, so that they end up inside the readers.

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

/// True when one more member or element comes; false at the end of the object or array.
inline bool JsonCursor::next(char closing, bool first) {
  skip_space();
  if (take(closing)) {
    --depth_;
    return false;
  }
  if (!first) {
    if (!take(',')) return fail();
    skip_space();
    if (take(closing)) {  // after a comma too many
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
