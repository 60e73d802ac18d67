// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "chatvim/document/message.hpp"
#include "sections.hpp"
#include "special_lines.hpp"

namespace chatvim::document {

/// A part of an answer and its lines, counted from the answer's first; `end` is exclusive.
struct PlacedPart {
  AnswerPart part;
  std::size_t first = 0;
  std::size_t end = 0;
};

/// An answer's text, read into parts.
struct ReadAnswer {
  std::vector<PlacedPart> parts;  ///< texts, calls and states; empty if there is no block at all
  bool has_blocks = false;        ///< of any kind
  std::vector<OtherAnswer> others;
  std::optional<Provenance> provenance;  ///< the last one
  std::size_t provenance_line = 0;
  std::vector<std::size_t> broken;  ///< lines of text that begin like a block
  /// The first of those whose block has no end, so that text added below could be its end.
  std::optional<std::size_t> unfinished;
};

/// Reads the text of an answer. The `line` of a call or another answer counts from its first line.
/// Linear in the text, whatever it holds.
ReadAnswer read_answer(Lines text, const SpecialLines& special);

/// Returns the parts as a message has them: texts between which only other answers or a provenance
/// stood are one.
std::vector<AnswerPart> message_parts(std::vector<PlacedPart> placed);

/// Returns the text of an answer without its calls and states; blank lines part what stood between
/// them.
std::string text_of(const std::vector<AnswerPart>& parts);

}  // namespace chatvim::document
