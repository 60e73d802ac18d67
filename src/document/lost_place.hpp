// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/document/restore.hpp"

namespace chatvim::document {

/// So many bytes of an answer are no coincidence.
inline constexpr std::size_t kEvidence = 16;
/// White space of the format, and line breaks.
inline constexpr std::string_view kBlank = " \t\r\n";

/// A lost answer as it is sought in a document: one text, and where its parts begin.
struct Sought {
  explicit Sought(const LostAnswer& lost);

  std::string whole;       ///< lead, text, ending
  std::string closing;     ///< the delimiter at the ending's end, or nothing
  std::size_t front = 0;   ///< bytes of front matter in the lead
  std::size_t body = 0;    ///< where the lead's text begins behind that and blank lines
  std::size_t lead = 0;    ///< where the answer begins
  std::size_t bare_lead;   ///< the same without the white space before it
  std::size_t answer = 0;  ///< where the answer's own words begin
  std::size_t content;     ///< where the closing begins
};

/// A place of the document that the beginning of what is sought stands at.
struct LostPlace {
  std::size_t at = 0;
  std::size_t skip = 0;    ///< bytes of `Sought::whole` that are left out before it
  std::size_t length = 0;  ///< bytes that are the same

  std::size_t reached() const { return skip + length; }  ///< in `Sought::whole`
};

/// The likeliest place of a lost answer, or nothing.
std::optional<LostPlace> find_place(std::string_view document, const LostAnswer& lost,
                                    const Sought& sought);

/// How many bytes of a place are the answer's where other text follows. A line that begins as the
/// answer's next line does, and then goes on differently, is not the answer's; nor are the line
/// breaks above it.
std::size_t step_back(std::string_view document, const Sought& sought, const LostPlace& place);

bool is_blank(std::string_view text);
/// Bytes of the text without white space at its end.
std::size_t trimmed_size(std::string_view text);
std::string_view first_line(std::string_view text);
/// True when the first line that is not blank is a delimiter; the text begins in column 1 or with a
/// line break.
bool begins_with_delimiter(std::string_view text, const Format& format);

}  // namespace chatvim::document
