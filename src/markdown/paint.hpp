// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace chatvim::markdown {

/// How a character is shown: a set of the flags below.
using Style = unsigned;
inline constexpr Style kPlainStyle = 0;
inline constexpr Style kStrongStyle = 1U << 0U;
inline constexpr Style kEmphasisStyle = 1U << 1U;
inline constexpr Style kCodeStyle = 1U << 2U;
inline constexpr Style kLinkStyle = 1U << 3U;
inline constexpr Style kHeadingStyle = 1U << 4U;
inline constexpr Style kDelimiterStyle = 1U << 5U;
inline constexpr Style kDimStyle = 1U << 6U;
inline constexpr Style kMarkerStyle = 1U << 7U;
inline constexpr Style kQuoteStyle = 1U << 8U;

/// Collects text with the sequences that change its style.
class Paint {
 public:
  /// Adds text in a style. Line breaks are never colored, so that no style reaches the next line.
  void put(std::string_view text, Style style);
  /// Returns what was added since the last call.
  std::string take() { return std::exchange(out_, {}); }
  /// Sets the style of what follows.
  void change_to(Style style);

 private:
  std::string out_;
  Style style_ = kPlainStyle;
};

}  // namespace chatvim::markdown
