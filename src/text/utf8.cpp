// SPDX-License-Identifier: Apache-2.0
#include "chatvim/text/utf8.hpp"

#include <utf8.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>

#include "chatvim/text/lines.hpp"

namespace chatvim::text {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::size_t kSurrogateBytes = 3;
constexpr std::size_t kMostCharacterBytes = 4;

unsigned char byte_at(std::string_view bytes, std::size_t index) {
  return static_cast<unsigned char>(bytes[index]);
}

bool is_ascii(char byte) { return static_cast<unsigned char>(byte) < 0x80; }

/// Returns the number of leading ASCII bytes. Reads a word at a time, since nearly all text is
/// ASCII.
std::size_t ascii_prefix(std::string_view bytes) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  std::size_t at = 0;
  for (; at + sizeof(std::uint64_t) <= bytes.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, sizeof word);
    if ((word & kHighBits) != 0) {
      break;
    }
  }
  while (at < bytes.size() && is_ascii(bytes[at])) {
    ++at;
  }
  return at;
}

/// Ill-formed bytes at the start of a text: how many of them become one U+FFFD, and whether they
/// only lack bytes that may still arrive.
struct IllFormed {
  std::size_t length;
  bool may_go_on;
};

/// Classifies `bytes`, which begin with an ill-formed sequence (Unicode, table 3-7 and section 3.9,
/// "maximal subparts").
IllFormed ill_formed_at(std::string_view bytes) {
  const unsigned first = byte_at(bytes, 0);
  if (first < 0xC2 || first > 0xF4) {
    return {1, false};
  }
  const std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  // Only the second byte's range depends on the first byte: no overlong forms, no surrogates,
  // nothing past U+10FFFF.
  unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  std::size_t at = 1;
  for (; at < length && at < bytes.size(); ++at) {
    if (byte_at(bytes, at) < low || byte_at(bytes, at) > high) {
      return {at, false};
    }
    low = 0x80;
    high = 0xBF;
  }
  return {at, at == bytes.size()};
}

/// Whether `bytes` begin with a surrogate whose second byte is in `low`..`high`, or are the start
/// of one.
bool begins_surrogate(std::string_view bytes, unsigned low, unsigned high) {
  return (bytes.empty() || byte_at(bytes, 0) == 0xED) &&
         (bytes.size() < 2 || (byte_at(bytes, 1) >= low && byte_at(bytes, 1) <= high)) &&
         (bytes.size() < 3 || (byte_at(bytes, 2) & 0xC0U) == 0x80);
}

/// Returns the ten payload bits of a surrogate encoded in three bytes.
std::uint32_t surrogate_bits(std::string_view bytes) {
  return ((byte_at(bytes, 1) & 0x0FU) << 6U) | (byte_at(bytes, 2) & 0x3FU);
}

/// Decodes `bytes`, which begin with an ill-formed sequence, and appends the result. Returns the
/// number of bytes consumed; 0 if more bytes are needed.
std::size_t decode_ill_formed(std::string_view bytes, std::string& out) {
  const bool surrogate = bytes.size() > 1 && begins_surrogate(bytes, 0xA0, 0xBF);
  if (!surrogate) {
    const IllFormed found = ill_formed_at(bytes);
    if (found.may_go_on) {
      return 0;
    }
    out += kReplacement;
    return found.length;
  }
  if (bytes.size() < kSurrogateBytes) {
    return 0;
  }
  const std::string_view next = bytes.substr(kSurrogateBytes, kSurrogateBytes);
  if (begins_surrogate(bytes, 0xA0, 0xAF) && begins_surrogate(next, 0xB0, 0xBF)) {
    if (next.size() < kSurrogateBytes) {
      return 0;
    }
    utf8::append(
        static_cast<char32_t>(0x10000 + (surrogate_bits(bytes) << 10U) + surrogate_bits(next)),
        out);
    return 2 * kSurrogateBytes;
  }
  out += kReplacement;
  return kSurrogateBytes;
}

/// Whether the character is a control that has no place in a single line of text, or changes the
/// direction of the text after it.
bool is_unprintable(char32_t character) {
  return character < 0x20 || (character >= 0x7F && character < 0xA0) || character == 0x061C ||
         character == 0x200E || character == 0x200F ||
         (character >= 0x202A && character <= 0x202E) ||
         (character >= 0x2066 && character <= 0x2069);
}

/// Whether the character is a directional mark, which only affects its neighbors; Arabic and Hebrew
/// text uses them.
bool is_mark(char32_t character) {
  return character == 0x061C || character == 0x200E || character == 0x200F;
}

bool is_break(char32_t character) {
  return character == '\n' || character == '\r' || character == '\t' || character == 0x2028 ||
         character == 0x2029;
}

/// Truncates valid text to `max_bytes` at a character boundary, with an ellipsis if there is room.
void cut(std::string& text, std::size_t max_bytes) {
  constexpr std::string_view kEllipsis = "\xE2\x80\xA6";
  if (text.size() <= max_bytes) {
    return;
  }
  const bool room = max_bytes >= kEllipsis.size();
  std::size_t end = room ? max_bytes - kEllipsis.size() : max_bytes;
  while (end > 0 && (byte_at(text, end) & 0xC0U) == 0x80) {
    --end;
  }
  text.resize(end);
  text += room ? kEllipsis : "";
}

}  // namespace

std::optional<std::size_t> find_invalid_utf8(std::string_view bytes) {
  std::size_t at = ascii_prefix(bytes);
  while (at < bytes.size()) {
    const auto* const begin = bytes.data() + at;
    const auto* const end = std::find_if(begin, bytes.data() + bytes.size(), is_ascii);
    const auto* const invalid = utf8::find_invalid(begin, end);
    if (invalid != end) {
      return static_cast<std::size_t>(invalid - bytes.data());
    }
    at = static_cast<std::size_t>(end - bytes.data());
    at += ascii_prefix(bytes.substr(at));
  }
  return std::nullopt;
}

std::string replace_invalid_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  while (const auto invalid = find_invalid_utf8(bytes)) {
    out += bytes.substr(0, *invalid);
    out += kReplacement;
    bytes.remove_prefix(*invalid);
    bytes.remove_prefix(ill_formed_at(bytes).length);
  }
  out += bytes;
  return out;
}

namespace {

std::string one_line(std::string_view bytes, std::size_t max_bytes, std::string_view unprintable) {
  const std::string valid = replace_invalid_utf8(bytes);
  std::string out;
  bool after_break = false;
  for (auto it = valid.begin(); it != valid.end() && out.size() <= max_bytes;) {
    const auto character = static_cast<char32_t>(utf8::unchecked::next(it));
    const bool at_break = is_break(character);
    if (at_break && !after_break) {
      out += ' ';
    } else if (!at_break && is_unprintable(character)) {
      out += unprintable;
    } else if (!at_break) {
      utf8::unchecked::append(character, std::back_inserter(out));
    }
    after_break = at_break;
  }
  cut(out, max_bytes);
  return out;
}

}  // namespace

std::string printable(std::string_view bytes, std::size_t max_bytes) {
  return one_line(bytes, max_bytes, "");
}

std::string printable_line(std::string_view bytes, std::size_t most) {
  // White space that is cut off at the ends may be long, so it goes first.
  const std::string text = printable(trim(bytes), (most + 1) * kMostCharacterBytes);
  const std::string_view line = trim(text);
  std::size_t characters = 0;
  std::size_t last = 0;  // start of the last character that fits
  for (std::size_t i = 0; i < line.size(); ++i) {
    if ((byte_at(line, i) & 0xC0U) == 0x80) continue;
    if (++characters == most) last = i;
  }
  if (characters <= most) return std::string(line);
  return std::string(trim_end(line.substr(0, last))) + "\xE2\x80\xA6";
}

std::string printable_name(std::string_view bytes, std::size_t max_bytes) {
  return one_line(bytes, max_bytes, "?");
}

std::string harmless(std::string_view bytes) {
  const std::string text = replace_invalid_utf8(bytes);
  std::string out;
  out.reserve(text.size());
  for (auto it = text.begin(); it != text.end();) {
    const auto start = it;
    const auto character = static_cast<char32_t>(utf8::unchecked::next(it));
    const bool keeps =
        character == '\n' || character == '\t' || is_mark(character) || !is_unprintable(character);
    out += keeps ? std::string_view(start, it) : kReplacement;
  }
  return out;
}

std::string Utf8Stream::feed(std::string_view bytes) {
  if (held_.empty() && !find_invalid_utf8(bytes)) {
    return std::string(bytes);
  }
  std::string joined;
  joined.swap(held_);
  joined += bytes;
  std::string out;
  out.reserve(joined.size());
  std::string_view rest = joined;
  while (const auto invalid = find_invalid_utf8(rest)) {
    out += rest.substr(0, *invalid);
    rest.remove_prefix(*invalid);
    const std::size_t used = decode_ill_formed(rest, out);
    if (used == 0) {
      held_ = rest;
      return out;
    }
    rest.remove_prefix(used);
  }
  out += rest;
  return out;
}

std::string Utf8Stream::finish() {
  std::string out;
  if (!held_.empty()) {
    out += kReplacement;
  }
  if (held_.size() > kSurrogateBytes) {
    out += kReplacement;  // a high surrogate and the start of a low one
  }
  held_.clear();
  return out;
}

}  // namespace chatvim::text
