// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "chatvim/document/reader.hpp"
#include "chatvim/document/restore.hpp"
#include "chatvim/text/lines.hpp"

namespace chatvim::document {
namespace {

/// Text without a delimiter can be any long file; text under a delimiter is a message that somebody
/// wrote or pasted.
constexpr std::size_t kMostWithoutDelimiter = 64 * 1024;
constexpr std::size_t kMost = 16 * 1024 * 1024;

/// Returns the line of the delimiter above the last non-empty message, or `lines.size()`.
std::size_t find_delimiter(std::span<const std::string_view> lines, std::size_t body_line,
                           const Format& format) {
  bool text_below = false;
  for (std::size_t i = lines.size(); i > body_line; --i) {
    const std::string_view line = lines[i - 1];
    if (!delimiter_role(line, format)) {
      text_below = text_below || !text::is_blank(line);
    } else if (text_below) {
      return i - 1;
    }
  }
  return lines.size();
}

std::string join(std::span<const std::string_view> lines) {
  std::string joined;
  for (const std::string_view line : lines) {
    joined += line;
    joined += '\n';
  }
  if (!joined.empty()) {
    joined.pop_back();
  }
  return joined;
}

std::string text_between(std::span<const std::string_view> lines, const Place& place) {
  const auto range = lines.subspan(place.row, place.end_row - place.row + 1);
  std::vector<std::string_view> inside(range.begin(), range.end());
  inside.back() = inside.back().substr(0, place.end_column);
  inside.front() = inside.front().substr(place.column);
  return join(inside);
}

bool is_inside_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

/// Returns the index of the line that contains a byte of the document.
std::size_t line_of(std::span<const std::string_view> lines, std::size_t offset) {
  std::size_t line = 0;
  while (line < lines.size() && lines[line].size() < offset) {
    offset -= lines[line].size() + 1;
    ++line;
  }
  return line;
}

/// Cuts the lead to its last `kMostWithoutDelimiter` bytes, or a little less to start on a new
/// line.
void cut(Lead& lead) {
  std::size_t start = lead.text.size() - kMostWithoutDelimiter;
  const std::size_t line_break = lead.text.find('\n', start - 1);
  if (line_break != std::string::npos && line_break + 1 < lead.text.size()) {
    start = line_break + 1;
  }
  while (start < lead.text.size() && is_inside_character(lead.text[start])) {
    ++start;
  }
  lead.start = Lead::Start::kCut;
  lead.at += start;
  lead.text.erase(0, start);
}

}  // namespace

Lead read_lead(std::span<const std::string_view> lines, const Format& format,
               std::optional<std::size_t> from) {
  Lead lead;
  std::size_t first = find_delimiter(lines, find_front_matter(lines).body_line, format);
  if (from) {
    first = std::min(first, line_of(lines, *from));
  }
  if (first < lines.size() && delimiter_role(lines[first], format)) {
    lead.start = Lead::Start::kMessage;
  } else {
    first = 0;
  }
  for (const std::string_view line : lines.first(first)) {
    lead.at += line.size() + 1;
  }
  lead.text = join(lines.subspan(first));
  const bool delimited = lead.start == Lead::Start::kMessage || from;
  if (lead.text.size() > (delimited ? kMost : kMostWithoutDelimiter)) {
    cut(lead);
  }
  return lead;
}

Lead read_lead(std::span<const std::string_view> lines, const Format& format, const Place& place,
               std::optional<std::size_t> from) {
  const auto above = lines.first(place.row + 1);
  std::vector<std::string_view> before(above.begin(), above.end());
  before.back() = before.back().substr(0, place.column);
  Lead lead = read_lead(before, format, from);
  lead.replaced = text_between(lines, place);
  return lead;
}

}  // namespace chatvim::document
