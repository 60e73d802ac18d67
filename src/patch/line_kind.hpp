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

/// Whether a line of a block stands for code that is left out: dots, alone or in a comment, with
/// words such as "existing code" or none.
bool is_omission(std::string_view line);

/// Whether a line is a comment with a word such as "rest" or "unchanged", so that it may stand for
/// code that is left out. Most such comments only say something about the code.
bool may_be_omission(std::string_view line);

}  // namespace chatvim::patch
