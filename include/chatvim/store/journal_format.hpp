// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "chatvim/document/restore.hpp"
#include "chatvim/error.hpp"

namespace chatvim::store {

// A journal consists of a line of JSON, the lead and the text that it replaces, the answer's text
// as it was sent to the editor, the ending that a stop would have added, and another line of JSON
// with the size of the ending and the time. So it is readable as text, and if the process dies
// during a write, the file still contains the answer, though perhaps without its ending.

/// Size limit of a journal, in bytes.
inline constexpr std::size_t kMostJournalBytes = 64 * 1024 * 1024;

/// The bytes before the flag that records whether a journal was offered, and the flag's values.
inline constexpr std::string_view kJournalMagic = R"({"chatvim":"journal","version":1,"offered":)";
inline constexpr char kOffered = '1';
inline constexpr char kFresh = '0';

/// What is known about an answer before its text.
struct JournalHeader {
  std::string file;  ///< the chat's path, for information only; may be empty
  document::Format format;
  document::Lead lead;
};

/// A parsed journal.
struct JournalContents {
  std::string file;
  bool offered = false;
  std::int64_t time = 0;  ///< time of its last text, in seconds since 1970; 0 if lost
  bool whole = false;     ///< the answer is complete and was only not saved
  document::LostAnswer answer;
};

/// Returns the bytes before the text.
std::string encode_header(const JournalHeader& header);
/// The data at the end of a journal.
struct JournalFooter {
  std::size_t ending = 0;  ///< size of the ending that a stop would have added
  std::int64_t time = 0;
  bool whole = false;
};

/// Returns the bytes after the text and its ending.
std::string encode_footer(const JournalFooter& footer);
/// Parses a journal. If it is not one, the error says what is wrong with it.
Result<JournalContents> parse_journal(std::string_view bytes);

}  // namespace chatvim::store
