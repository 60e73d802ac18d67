// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace chatvim::markdown {

/// What ends a block of HTML: a line that holds `marker` (in lower case), or a blank line if that
/// is empty.
struct HtmlStart {
  std::string_view marker;
};

/// Where a block of HTML begins: a tag alone on its line (condition 7) does not interrupt a
/// paragraph.
enum class HtmlPlace { kAnywhere, kInParagraph };

/// Returns how a block of HTML ends that a line begins, or nothing if the line begins none
/// (CommonMark 0.31, section 4.6). `line` is without white space at its ends.
std::optional<HtmlStart> html_start(std::string_view line, HtmlPlace place);

/// Whether the line has the marker that ends a block of HTML.
bool ends_html(std::string_view line, const HtmlStart& start);

}  // namespace chatvim::markdown
