// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/text/search.hpp"

namespace chatvim::toolbox {

/// A line that was found.
struct FoundLine {
  std::size_t number = 0;  ///< from 1
  std::size_t begin = 0;   ///< offset of the line
  std::size_t at = 0;      ///< offset of the found text
};

/// Finds the lines that have one of some texts. The texts are matched as they are: a regular
/// expression comes from a model, perhaps from a hostile text, and the standard library's takes
/// exponential time and unlimited stack for some. Several texts cover most of what is searched for.
class TextMatcher {
 public:
  TextMatcher(const std::vector<std::string>& texts, bool whole_word);

  /// Returns the first lines found, at most `most`.
  std::vector<FoundLine> find(std::string_view bytes, std::size_t most) const;

 private:
  std::size_t next(const text::Search& search, std::string_view bytes, std::size_t from) const;

  std::vector<text::Search> searches_;
  bool whole_word_;
};

/// Returns a line for display without its end: if it is long, the part around the found text.
std::string shown_line(std::string_view line, std::size_t at);

}  // namespace chatvim::toolbox
