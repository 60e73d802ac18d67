// SPDX-License-Identifier: Apache-2.0
#include "chatvim/json/cursor.hpp"

#include <charconv>

#include "chatvim/json/text.hpp"

namespace chatvim::json {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Appends a code point as UTF-8; a surrogate gets three bytes as well (WTF-8).
void append_code_point(std::string& out, std::uint32_t c) {
  const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

}  // namespace

JsonCursor::Kind JsonCursor::kind() {
  skip_space();
  if (at_ >= text_.size()) return Kind::kBad;
  switch (text_[at_]) {
    case '{':
      return Kind::kObject;
    case '[':
      return Kind::kArray;
    case '"':
      return Kind::kString;
    case 't':
      return Kind::kTrue;
    case 'f':
      return Kind::kFalse;
    case 'n':
      return Kind::kNull;
    default: {
      const std::size_t digit = text_[at_] == '-' ? at_ + 1 : at_;
      return digit < text_.size() && is_digit(text_[digit]) ? Kind::kNumber : Kind::kBad;
    }
  }
}

bool JsonCursor::string(std::string& out) {
  out.clear();
  skip_space();
  if (!take('"')) return fail();
  return string_tail(out);
}

bool JsonCursor::string_or_skip(std::string& out) {
  if (kind() == Kind::kString) return string(out);
  skip();
  return false;
}

std::optional<std::int64_t> JsonCursor::integer_or_skip() {
  const bool is_number = kind() == Kind::kNumber;
  const std::string_view text = raw();
  if (!is_number || failed_) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  // "9.0" is whole too; anything else after the digits is not.
  const std::string_view rest(end, static_cast<std::size_t>(text.data() + text.size() - end));
  const bool whole = rest.empty() || (rest.starts_with('.') &&
                                      rest.find_first_not_of('0', 1) == std::string_view::npos);
  if (error != std::errc{} || !whole) return std::nullopt;
  return value;
}

std::string_view JsonCursor::raw() {
  skip_space();
  const std::size_t start = at_;
  skip();
  return failed_ ? std::string_view{} : text_.substr(start, at_ - start);
}

void JsonCursor::skip() {
  switch (kind()) {
    case Kind::kObject:
      object([this](std::string_view) { skip(); });
      return;
    case Kind::kArray:
      array([this] { skip(); });
      return;
    case Kind::kString:
      skip_string();
      return;
    case Kind::kNumber:
      number();
      return;
    case Kind::kTrue:
      literal("true");
      return;
    case Kind::kFalse:
      literal("false");
      return;
    case Kind::kNull:
      literal("null");
      return;
    case Kind::kBad:
      bare_word();
  }
}

bool JsonCursor::complete() { return readable() && !odd_ && !loose_; }

bool JsonCursor::readable() {
  skip_space();
  return !failed_ && depth_ == 0 && at_ > 0 && at_ == text_.size();
}

bool JsonCursor::fail() {
  failed_ = true;
  at_ = text_.size();
  return false;
}

bool JsonCursor::literal(std::string_view word) {
  if (!text_.substr(at_).starts_with(word)) return bare_word();
  at_ += word.size();
  return true;
}

bool JsonCursor::number() {
  take('-');
  if (!take('0') && !digits()) return fail();
  if (take('.') && !digits()) return fail();
  if (take('e') || take('E')) {
    if (!take('+')) take('-');
    if (!digits()) return fail();
  }
  return true;
}

/// Skips what is no JSON value but ends like one; not where it is all there is.
bool JsonCursor::bare_word() {
  const std::size_t start = at_;
  const auto is_part = [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-' || c == '+' || c == '.';
  };
  while (at_ < text_.size() && is_part(text_[at_])) ++at_;
  if (depth_ == 0 || at_ == start) return fail();
  odd_ = true;
  return true;
}

bool JsonCursor::digits() {
  const std::size_t start = at_;
  while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
  return at_ > start;
}

/// Like `string`, without the text.
bool JsonCursor::skip_string() {
  ++at_;
  for (;;) {
    at_ = find_special(text_, at_);
    if (take('"')) return true;
    if (skip_tab()) continue;
    key_.clear();
    if (!take('\\') || !escape(key_)) return fail();
  }
}

bool JsonCursor::key(std::string_view& out) {
  if (!take('"')) return false;
  const std::size_t start = at_;
  at_ = find_special(text_, at_);
  out = text_.substr(start, at_ - start);
  if (take('"')) return true;
  key_.assign(out);
  if (!string_tail(key_)) return false;
  out = key_;
  return true;
}

/// Reads what follows the opening quote, up to and with the closing one.
bool JsonCursor::string_tail(std::string& out) {
  for (;;) {
    const std::size_t start = at_;
    at_ = find_special(text_, at_);
    out.append(text_, start, at_ - start);
    if (take('"')) return true;
    if (skip_tab()) {
      out.push_back('\t');
      continue;
    }
    if (!take('\\') || !escape(out)) return fail();
  }
}

/// A tab in a string, which should be escaped; other control characters show that it is cut.
bool JsonCursor::skip_tab() {
  if (!take('\t')) return false;
  loose_ = true;
  return true;
}

bool JsonCursor::escape(std::string& out) {
  if (at_ >= text_.size()) return false;
  constexpr std::string_view kNames = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  const char c = text_[at_++];
  if (const std::size_t i = kNames.find(c); i != std::string_view::npos) {
    out.push_back(kMeanings[i]);
    return true;
  }
  std::uint32_t first = 0;
  if (c != 'u' || !hex4(first)) return false;
  if (first >= 0xD800 && first < 0xDC00 && text_.substr(at_).starts_with("\\u")) {
    const std::size_t before = at_;
    at_ += 2;
    std::uint32_t second = 0;
    if (!hex4(second)) return false;
    if (second >= 0xDC00 && second < 0xE000) {
      append_code_point(out, 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
      return true;
    }
    at_ = before;  // two escapes of their own
  }
  append_code_point(out, first);
  return true;
}

bool JsonCursor::hex4(std::uint32_t& out) {
  if (text_.size() - at_ < 4) return false;
  const char* begin = text_.data() + at_;
  const auto [end, error] = std::from_chars(begin, begin + 4, out, 16);
  at_ += 4;
  return error == std::errc{} && end == begin + 4;
}

}  // namespace chatvim::json
