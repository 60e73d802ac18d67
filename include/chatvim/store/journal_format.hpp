// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "chatvim/document/restore.hpp"
#include "chatvim/error.hpp"

namespace chatvim::store {

// A journal is a line of JSON, the lead and what it replaces, the answer's text as it was given to
// the editor, what a stop would have added, and one more line of JSON with that part's size and the
// time. So it can be read by eye; and what is there after the end of a process in the midst of a
// write is still an answer, though maybe without its ending.

/// The largest journal that is written or read.
inline constexpr std::size_t kMostJournalBytes = 64 * 1024 * 1024;

/// Where in its file a journal says whether it was offered, and what it says then.
inline constexpr std::string_view kJournalMagic = R"({"chatvim":"journal","version":1,"offered":)";
inline constexpr char kOffered = '1';
inline constexpr char kFresh = '0';

/// What is known of an answer before its first word.
struct JournalHeader {
  std::string file;  ///< the chat's path, for people; empty where it has none
  document::Format format;
  document::Lead lead;
};

/// A journal as it was read.
struct JournalContents {
  std::string file;
  bool offered = false;
  std::int64_t time = 0;  ///< of its last text, in seconds since 1970; 0 where that was lost
  bool whole = false;     ///< the answer had ended; it was not cut off, only not saved
  document::LostAnswer answer;
};

/// The bytes before the text.
std::string encode_header(const JournalHeader& header);
/// What is known at the end of a journal.
struct JournalFooter {
  std::size_t ending = 0;  ///< bytes that a stop would have added
  std::int64_t time = 0;
  bool whole = false;
};

/// The bytes after the text and its ending.
std::string encode_footer(const JournalFooter& footer);
/// Reads a journal; anything else is an error that says what is wrong with it.
Result<JournalContents> parse_journal(std::string_view bytes);

}  // namespace chatvim::store
