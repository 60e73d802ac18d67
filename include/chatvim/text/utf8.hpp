// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace chatvim::text {

/// The byte-order mark (U+FEFF in UTF-8) that some editors write at the start of a file.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Returns the offset of the first byte that is not valid UTF-8 (RFC 3629), or nothing.
std::optional<std::size_t> find_invalid_utf8(std::string_view bytes);

/// Returns the bytes with each maximal ill-formed sequence replaced by U+FFFD (Unicode, section
/// 3.9).
std::string replace_invalid_utf8(std::string_view bytes);

/// Returns text fit for a message. Ill-formed bytes are replaced, each run of line breaks and tabs
/// becomes one space, other control characters (C0, DEL, C1, bidirectional controls) are removed,
/// and the result is truncated to `max_bytes` at a character boundary, ending with "…".
std::string printable(std::string_view bytes, std::size_t max_bytes);

/// Returns printable text of at most `most` characters, without white space at its ends; if it was
/// longer, it ends with "…".
std::string printable_line(std::string_view bytes, std::size_t most);

/// Returns a name, such as a file name, fit for a message: like `printable`, but each character
/// that would be removed is shown as "?", so that the name cannot pass for another one.
std::string printable_name(std::string_view bytes, std::size_t max_bytes);

/// Returns text fit for a terminal: ill-formed bytes, control characters other than line breaks and
/// tabs, and bidirectional embeddings, overrides and isolates become U+FFFD. A terminal obeys
/// control characters; a single sequence can overwrite the clipboard.
std::string harmless(std::string_view bytes);

/// Joins text that a server split anywhere: inside a UTF-8 sequence, or between two surrogates,
/// which arrive as three bytes each (WTF-8). Emits only valid UTF-8; what can no longer become a
/// character becomes U+FFFD.
class Utf8Stream {
 public:
  /// Returns the valid text from what was held back and `bytes`; holds back at most five bytes (a
  /// surrogate and part of the next).
  std::string feed(std::string_view bytes);
  /// Ends the text: returns U+FFFD for each unfinished character that was held back, or "".
  std::string finish();

 private:
  std::string held_;
};

}  // namespace chatvim::text
