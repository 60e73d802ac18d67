// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/document/restore.hpp"

namespace chatvim::document {

/// A match of this many bytes of an answer is no coincidence.
inline constexpr std::size_t kEvidence = 16;
/// The white space that the format allows, and line breaks.
inline constexpr std::string_view kBlank = " \t\r\n";

/// A lost answer prepared for searching: lead and answer as one text, and the offsets of its parts.
struct SearchedAnswer {
  explicit SearchedAnswer(const LostAnswer& lost);

  std::string whole;       ///< lead, text, ending
  std::string closing;     ///< the delimiter that ends `ending`, or empty
  std::size_t front = 0;   ///< bytes of front matter in the lead
  std::size_t body = 0;    ///< where the lead's text begins, after front matter and blank lines
  std::size_t lead = 0;    ///< where the answer begins
  std::size_t bare_lead;   ///< `lead` without the white space before the answer
  std::size_t answer = 0;  ///< where the text of the answer begins, after its delimiter
  std::size_t content;     ///< where the closing begins
};

/// A place in the document that matches the start of the searched text.
struct LostPlace {
  std::size_t at = 0;
  std::size_t skip = 0;    ///< bytes at the start of `SearchedAnswer::whole` that were not compared
  std::size_t length = 0;  ///< number of matching bytes

  std::size_t reached() const { return skip + length; }  ///< offset in `SearchedAnswer::whole`
};

/// Returns the most likely place of a lost answer, or nothing.
std::optional<LostPlace> find_place(std::string_view document, const LostAnswer& lost,
                                    const SearchedAnswer& searched);

/// Returns how many bytes of a match belong to the answer when other text follows. A line that
/// starts like the answer's next line but then differs does not belong to it, nor do the line
/// breaks above that line.
std::size_t step_back(std::string_view document, const SearchedAnswer& searched,
                      const LostPlace& place);

bool is_blank(std::string_view text);
/// Returns the size of the text in bytes without trailing white space.
std::size_t trimmed_size(std::string_view text);
std::string_view first_line(std::string_view text);
/// Whether the first non-blank line is a delimiter; the text must begin in column 1 or with a line
/// break.
bool begins_with_delimiter(std::string_view text, const Format& format);

}  // namespace chatvim::document
