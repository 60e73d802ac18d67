// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace chatvim::patch {

/// Returns the white space that a line begins with.
std::string_view indentation_of(std::string_view line);

/// Whether a line has a letter or a digit, so that it can say where a block belongs. A blank line
/// or a brace cannot.
bool has_words(std::string_view line);

/// Whether a line closes what an earlier one opened: it begins with a bracket, `end`, `</` or the
/// like.
bool is_closer(std::string_view line);

/// Whether a line of a block stands for code that is left out: it has dots, alone or in a comment,
/// or is a comment of words such as "rest unchanged", which may also be a comment of the code.
enum class Omission { kNone, kDots, kWords };
Omission omission_of(std::string_view line);

/// Whether `omission_of` is any.
bool is_omission(std::string_view line);

/// Whether a line may stand for code that is left out: also a comment with a word such as
/// "unchanged", or a stub such as `{ ... }`. Most such comments only say something about the code.
bool may_be_omission(std::string_view line);

/// Whether two lines are versions of one: they share most of their text.
bool are_similar(std::string_view a, std::string_view b);

}  // namespace chatvim::patch
