// SPDX-License-Identifier: Apache-2.0
#include "paint.hpp"

namespace chatvim::markdown {

namespace {

/// Parameters of "select graphic rendition" for each flag. The eight basic colors, because
/// terminals choose them to suit their background.
constexpr std::pair<Style, std::string_view> kParameters[] = {
    {kStrongStyle, ";1"},  {kEmphasisStyle, ";3"},   {kCodeStyle, ";36"},
    {kLinkStyle, ";4;34"}, {kHeadingStyle, ";1;34"}, {kDelimiterStyle, ";1;35"},
    {kDimStyle, ";2"},     {kMarkerStyle, ";33"},    {kQuoteStyle, ";32"},
};

}  // namespace

void Paint::put(std::string_view text, Style style) {
  if (text.empty()) return;
  change_to(text == "\n" ? kPlainStyle : style);
  out_ += text;
}

void Paint::change_to(Style style) {
  if (style == style_) return;
  style_ = style;
  out_ += "\x1B[0";
  for (const auto& [flag, parameters] : kParameters) {
    if ((style & flag) != 0) out_ += parameters;
  }
  out_ += 'm';
}

}  // namespace chatvim::markdown
