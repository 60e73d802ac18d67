// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace chatvim::text {

/// Searches bytes for a plain text (not a pattern). Ignores ASCII case unless the text contains a
/// capital letter, like Vim's 'smartcase'. The algorithm is Horspool's (Practical fast searching in
/// strings, 1980).
class Search {
 public:
  explicit Search(std::string text);

  /// Whether the bytes contain the text; an empty text is always found.
  bool is_in(std::string_view bytes) const;
  /// Returns the length of the text in bytes.
  std::size_t size() const { return text_.size(); }

 private:
  unsigned char folded(char byte) const;
  bool is_at(std::string_view bytes, std::size_t at) const;

  bool both_cases_;
  std::string text_;                     ///< in lower case if case is ignored
  std::array<std::size_t, 256> shifts_;  ///< bytes to advance, by the byte under the last one
};

}  // namespace chatvim::text
