// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "chatvim/document/format.hpp"

namespace chatvim::document {

/// The text of an answer in which another of its answers is the chosen one. It replaces the lines
/// from index `first` up to `end` (exclusive).
struct Choice {
  std::size_t first = 0;
  std::size_t end = 0;
  std::string text;  ///< lines separated by `\n`
};

/// Why there is no such text.
enum class NoChoice {
  kNoOther,   ///< no other answer is there
  kEmpty,     ///< the other answer has no text
  kHasBlocks  ///< the answer has calls or states, which cannot stand in another answer
};

/// Makes the other answer at a line of a document the answer. The former one takes its place among
/// the others; reasoning that was saved stays where it is.
tl::expected<Choice, NoChoice> choose_answer(std::span<const std::string_view> lines,
                                             const Format& format, std::size_t row);

}  // namespace chatvim::document
