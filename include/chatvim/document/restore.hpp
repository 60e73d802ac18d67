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

/// What is saved of a document to find the answer's place again, and to restore the question if it
/// was never saved. All offsets and sizes are bytes of the document's lines joined by `\n`.
struct Lead {
  enum class Start {
    kDocument,  ///< no delimiter precedes the question: the document's first byte
    kMessage,   ///< the delimiter of the question
    kCut        ///< neither: as far back as the limit allows
  };
  Start start = Start::kDocument;
  std::size_t at = 0;    ///< where the text begins
  std::string text;      ///< verbatim, up to the answer's place
  std::string replaced;  ///< the text at that place that the answer replaces; usually empty
};

/// Returns the lead of an answer at the end of `lines`, starting at the delimiter of the last
/// non-empty message. Limited to 16 MiB; to the last 64 KiB if that is exceeded or there is no
/// delimiter.
///
/// It starts no later than the line that contains byte `from`: earlier answers that are not saved
/// either are restored together with this one.
Lead read_lead(std::span<const std::string_view> lines, const Format& format,
               std::optional<std::size_t> from = std::nullopt);
/// Returns the lead of an answer at a place inside the document: the text before that place.
Lead read_lead(std::span<const std::string_view> lines, const Format& format, const Place& place,
               std::optional<std::size_t> from = std::nullopt);

/// An answer that was cut off, for example by a crash.
struct LostAnswer {
  Format format;
  Lead lead;
  std::string text;    ///< what was emitted for the document
  std::string ending;  ///< what a stop at that moment would have emitted
};

/// An edit of a document: replaces `removed` bytes at `offset` by `text`.
struct Restoration {
  std::size_t offset = 0;
  std::size_t removed = 0;  ///< non-zero only if the answer replaces text
  std::string text;         ///< empty if nothing is missing
};

/// Returns the edit that adds the missing part of an answer to the document. Nothing is inserted
/// twice, and the ending that a stop would have written is included unless a delimiter already
/// follows.
///
/// The place is where the longest prefix of lead and answer matches, through the whole lead or up
/// to the document's end (ignoring white space there). If several places match, the one nearest the
/// original place wins. Text that somebody wrote below stays below. If nothing matches, everything
/// is appended to the document.
Restoration restore(std::string_view document, const LostAnswer& lost);

/// Returns where the question of an answer begins in a document if the whole question is there.
std::optional<std::size_t> find_question(std::string_view document, const LostAnswer& lost);

/// Returns the number of characters of the answer itself, without delimiters.
std::size_t count_answer(const LostAnswer& lost);

}  // namespace chatvim::document
