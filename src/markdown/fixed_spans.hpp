// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace chatvim::markdown {

/// What may happen to the white space at a byte of a paragraph.
enum class Bond : char {
  kFree,   ///< a line may break there, or be joined with the next
  kJoins,  ///< a line break that becomes a space
  kFixed   ///< stays as it is
};

/// Finds the parts of a paragraph, given with its line breaks, in which white space counts: code
/// spans, tags of HTML, autolinks and the targets of links (CommonMark 0.31, chapter 6), and hard
/// line breaks with the white space before them. What only may be such a part counts as one. Linear
/// in the text. Returns a bond for each byte.
std::vector<Bond> find_bonds(std::string_view paragraph);

}  // namespace chatvim::markdown
