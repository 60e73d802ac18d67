// SPDX-License-Identifier: Apache-2.0
#include "chatvim/document/reader.hpp"
#include "chatvim/document/writer.hpp"
#include "chatvim/text/lines.hpp"
#include "special_lines.hpp"

namespace chatvim::document {

Tail read_tail(std::span<const std::string_view> lines, const Format& format) {
  const auto body = lines.subspan(find_front_matter(lines).body_line);
  Tail tail;
  tail.empty = lines.empty() || (lines.size() == 1 && lines.front().empty());
  tail.marker = leading_marker(body);
  // The line and column where the trailing white space begins.
  std::size_t first = lines.size();
  std::size_t column = 0;
  while (first > 0 && column == 0) {
    --first;
    column = text::trim_end(lines[first]).size();
  }
  for (std::size_t i = first; i < lines.size(); ++i) {
    tail.white_space += i == first ? "" : "\n";
    tail.white_space += lines[i].substr(i == first ? column : 0);
  }
  // A front matter line is not a delimiter, even if it looks like one.
  const std::size_t body_line = lines.size() - body.size();
  if (column > 0 && first >= body_line) {
    tail.under = delimiter_role(lines[first], format);
  }
  return tail;
}

}  // namespace chatvim::document
