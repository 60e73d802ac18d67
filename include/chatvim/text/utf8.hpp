// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace chatvim::text {

/// What some editors put before the text of a file (U+FEFF in UTF-8).
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Byte offset of the first byte that is not UTF-8 (RFC 3629), or nothing.
std::optional<std::size_t> find_invalid_utf8(std::string_view bytes);

/// The bytes with each maximal ill-formed sequence replaced by U+FFFD (Unicode, section 3.9).
std::string replace_invalid_utf8(std::string_view bytes);

/// Text fit for a message: ill-formed bytes replaced, control characters (C0 but line breaks and
/// tabs, which become one space for a run of them; DEL; C1; bidirectional controls) removed, cut to
/// at most `max_bytes` on a character's border with "…".
std::string printable(std::string_view bytes, std::size_t max_bytes);

/// A name, such as a file's, fit for a message: as `printable`, but each character that would be
/// removed is shown as "?", so that the name does not look like another.
std::string printable_name(std::string_view bytes, std::size_t max_bytes);

/// Text fit for a terminal: as it is, but ill-formed bytes, control characters other than line
/// breaks and tabs and the controls that turn or isolate the direction of text are shown as U+FFFD.
/// A terminal obeys the former; one alone can fill the clipboard.
std::string harmless(std::string_view bytes);

/// Joins text that a server cut anywhere: inside a UTF-8 sequence, or between two surrogates, which
/// arrive as three bytes each (WTF-8). It gives out valid UTF-8 only; what can never become a
/// character becomes U+FFFD.
class Utf8Stream {
 public:
  /// Valid text from `bytes` and what was held back; holds back at most five bytes (a surrogate and
  /// part of the next).
  std::string feed(std::string_view bytes);
  /// What is still held back when nothing more comes: U+FFFD for each unfinished character, or
  /// nothing.
  std::string finish();

 private:
  std::string held_;
};

}  // namespace chatvim::text
