// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace chatvim::text {

/// Looks for a text in bytes: plain text, no pattern. Where the text has no capital letter, letters
/// match in both cases, as with Vim's 'smartcase'; only ASCII letters have cases here. The
/// algorithm is Horspool's (Practical fast searching in strings, 1980).
class Search {
 public:
  explicit Search(std::string text);

  /// True when the bytes contain the text; an empty text is in all of them.
  bool is_in(std::string_view bytes) const;
  /// The length of the text in bytes.
  std::size_t size() const { return text_.size(); }

 private:
  unsigned char folded(char byte) const;
  bool is_at(std::string_view bytes, std::size_t at) const;

  bool both_cases_;
  std::string text_;                     ///< in small letters where both cases match
  std::array<std::size_t, 256> shifts_;  ///< how far the text moves on, by the byte under its end
};

}  // namespace chatvim::text
