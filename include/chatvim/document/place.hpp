// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "chatvim/document/format.hpp"
#include "chatvim/document/writer.hpp"

namespace chatvim::document {

/// Where in a document an answer goes that goes on with the last one or takes its place: a range
/// of text that its first text replaces. Lines and bytes count from 0, the end is exclusive.
struct Place {
  std::size_t row = 0;
  std::size_t column = 0;
  std::size_t end_row = 0;
  std::size_t end_column = 0;
  /// A user delimiter stands below the range already: the answer gets none of its own.
  bool delimiter_below = false;
  Tail tail;         ///< of the document up to the range
  std::string kept;  ///< what the answer goes on with; empty: it is a new one
  /// So many bytes at the end of `kept` stand in the range: they are written again.
  std::size_t again = 0;
};

/// Where the last message is gone on with, when it is the assistant's. Kept is its text without
/// white space at its end, and without a last line that closes a code fence: an answer that was cut
/// got that line when it ended. What could become a special line as more text comes is written
/// again, with its `\`s as they must then be.
std::optional<Place> find_continuation(std::span<const std::string_view> lines,
                                       const Format& format);

/// Where another answer takes the place of the last message, when it is the assistant's: under its
/// delimiter, a kept reasoning block and all. Text and delimiters below it stay, but for one user
/// delimiter that is not as the writer writes it.
std::optional<Place> find_retry(std::span<const std::string_view> lines, const Format& format);

}  // namespace chatvim::document
