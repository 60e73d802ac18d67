// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/document/format.hpp"
#include "chatvim/document/message.hpp"
#include "chatvim/document/writer.hpp"

namespace chatvim::document {

/// Where an answer that continues or replaces the last one goes in the document: a range of text
/// that the first piece of the answer replaces. Lines and bytes count from 0; the end is exclusive.
struct Place {
  std::size_t row = 0;
  std::size_t column = 0;
  std::size_t end_row = 0;
  std::size_t end_column = 0;
  /// A user delimiter already follows the range, so the answer does not add one.
  bool delimiter_below = false;
  Tail tail;         ///< of the document up to the range
  std::string kept;  ///< the text that the answer continues; empty for a new answer
  /// This many bytes at the end of `kept` lie inside the range and are written again.
  std::size_t again = 0;
  /// Text of the answer above `kept`, if only other answers or a provenance stand between them.
  std::string above = {};
  /// The lines of other answers inside the range, which the writer writes again below the answer.
  std::string others = {};
  /// A block precedes the text: `kept` is what follows it, and text begins a new
  /// paragraph if that is empty.
  bool after_block = false;
  /// The parts inside the range, from the first open call on: to be written again by the caller.
  std::vector<AnswerPart> again_parts = {};
};

/// Returns where to continue the last message if it is the assistant's. `kept` is its text without
/// trailing white space and without a last line that closes a code fence, because an answer that
/// was cut off got that line when it ended. Text that could become a special line as more arrives
/// is written again, with the `\`s that it then needs.
///
/// A provenance below the text is in the range, and so are other answers, which stay below.
///
/// Of an answer with calls, `kept` is the text after the last call; states below that text are in
/// the range, because they belong to the text as it was. Returns nothing if no text follows the
/// last call (see `find_resumption`), or if what stands above the text could become a call with
/// what is added.
std::optional<Place> find_continuation(std::span<const std::string_view> lines,
                                       const Format& format);

/// Returns where the last message goes on if it is the assistant's and ends with a call, perhaps
/// with states after it: behind those, or, if calls of its last step are open, in place of the
/// first of those and of what follows it, which are then `again_parts`. The last step is the calls
/// at the end that have one number; text and states may stand between them. Returns nothing if what
/// stands above could become a call with what is added: a call that somebody left without its end.
std::optional<Place> find_resumption(std::span<const std::string_view> lines, const Format& format);

/// Returns where a new answer replaces the last message if it is the assistant's: below its
/// delimiter, including a saved reasoning block, its provenance and its other answers. Text and
/// delimiters below it stay, except a single user delimiter that is not spaced as the writer spaces
/// it.
std::optional<Place> find_retry(std::span<const std::string_view> lines, const Format& format);

}  // namespace chatvim::document
