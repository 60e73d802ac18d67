// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "chatvim/document/format.hpp"
#include "chatvim/document/place.hpp"

namespace chatvim::document {

/// What is kept of a document to find an answer's place in it again, and to bring back the question
/// where that was never saved. All offsets and sizes are bytes of the document's lines joined by
/// `\n`.
struct Lead {
  enum class Start {
    kDocument,  ///< there is no delimiter before the question: the document's first byte
    kMessage,   ///< the delimiter of the question
    kCut        ///< neither: so far back as the limit allows
  };
  Start start = Start::kDocument;
  std::size_t at = 0;    ///< where the text begins
  std::string text;      ///< up to the answer's place, as it is
  std::string replaced;  ///< what stands at that place and goes when the answer comes; usually none
};

/// The lead of an answer that comes at the end of `lines`: from the delimiter of the last message
/// that is not empty. At most 16 MiB; the last 64 KiB where that is not enough or there is no
/// delimiter.
///
/// It begins at the latest on the line of the byte `from`: where earlier answers are not saved
/// either, they are brought back with this one.
Lead read_lead(std::span<const std::string_view> lines, const Format& format,
               std::optional<std::size_t> from = std::nullopt);
/// The lead of an answer that comes at a place in the document: what stands before it.
Lead read_lead(std::span<const std::string_view> lines, const Format& format, const Place& place,
               std::optional<std::size_t> from = std::nullopt);

/// An answer that was cut off.
struct LostAnswer {
  Format format;
  Lead lead;
  std::string text;    ///< what was given out for the document
  std::string ending;  ///< what would have been given out had it been stopped then
};

/// An edit of a document: at an offset, some bytes go and some come.
struct Restoration {
  std::size_t offset = 0;
  std::size_t removed = 0;  ///< only what an answer replaces
  std::string text;         ///< empty: nothing is missing
};

/// Puts back what a document lacks of an answer: nothing twice, and with the ending that a stop
/// would have written, unless a delimiter follows already.
///
/// The place is where the longest beginning of lead and answer stands, through the lead or to the
/// document's end (white space there aside); of several such places the one nearest to where it
/// was. Text that somebody wrote below stays below. Where nothing fits, the whole goes to the end.
Restoration restore(std::string_view document, const LostAnswer& lost);

/// Where the question of an answer begins in a document, if all of it is there.
std::optional<std::size_t> find_question(std::string_view document, const LostAnswer& lost);

/// How many characters of the answer itself there are, delimiters aside.
std::size_t count_answer(const LostAnswer& lost);

}  // namespace chatvim::document
