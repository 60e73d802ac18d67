// SPDX-License-Identifier: Apache-2.0
#include "text.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "json_fields.hpp"

namespace chatvim::lsp {

namespace {

/// Returns the bytes of a character by its first byte. Bytes that are not UTF-8 count as one.
std::size_t size_of(char first) {
  const auto byte = static_cast<unsigned char>(first);
  if (byte >= 0xF0U && byte < 0xF8U) return 4;
  if (byte >= 0xE0U) return byte < 0xF0U ? 3 : 1;
  return byte >= 0xC2U ? 2 : 1;
}

/// Returns the length of a character that has `bytes` bytes in UTF-8.
std::size_t units_of(std::size_t bytes, Encoding encoding) {
  if (encoding == Encoding::kUtf8) return bytes;
  return encoding == Encoding::kUtf16 && bytes == 4 ? 2 : 1;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> lines;
  std::size_t start = 0;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos;
       end = text.find('\n', start)) {
    lines.emplace_back(text.substr(start, end - start));
    start = end + 1;
  }
  lines.emplace_back(text.substr(start));
  return lines;
}

std::size_t number_of(const Json& object, const char* key) {
  const Json& value = member(object, key);
  if (!value.is_number_integer()) return 0;
  return static_cast<std::size_t>(std::max<std::int64_t>(0, value.get<std::int64_t>()));
}

}  // namespace

std::string_view name_of(Encoding encoding) {
  switch (encoding) {
    case Encoding::kUtf8:
      return "utf-8";
    case Encoding::kUtf16:
      return "utf-16";
    case Encoding::kUtf32:
      return "utf-32";
  }
  return {};
}

std::size_t byte_of(std::string_view line, std::size_t character, Encoding encoding) {
  std::size_t at = 0;
  while (at < line.size()) {
    const std::size_t size = std::min(size_of(line[at]), line.size() - at);
    const std::size_t units = units_of(size, encoding);
    if (character < units) return at;
    character -= units;
    at += size;
  }
  return line.size();
}

std::size_t character_of(std::string_view line, std::size_t byte, Encoding encoding) {
  if (encoding == Encoding::kUtf8) return std::min(byte, line.size());
  std::size_t character = 0;
  std::size_t at = 0;
  while (at < std::min(byte, line.size())) {
    const std::size_t size = std::min(size_of(line[at]), line.size() - at);
    character += units_of(size, encoding);
    at += size;
  }
  return character;
}

Text::Text(std::string_view text) : lines_(split(text)) {}

std::string Text::whole() const {
  std::string out;
  for (const std::string& line : lines_) out.append(line).push_back('\n');
  out.pop_back();
  return out;
}

Position Text::clamp(Position position) const {
  if (position.line >= lines_.size()) return end();
  return {position.line, std::min(position.byte, lines_[position.line].size())};
}

Edit Text::replace(Range range, std::string_view with) {
  range = {clamp(range.start), clamp(range.end)};
  if (range.end < range.start) std::swap(range.start, range.end);
  std::vector<std::string> lines = split(with);
  Edit edit{range, {range.start.line + lines.size() - 1, lines.back().size()}};
  if (lines.size() == 1) edit.new_end.byte += range.start.byte;
  lines.front().insert(0, lines_[range.start.line], 0, range.start.byte);
  lines.back().append(lines_[range.end.line], range.end.byte);
  // The lines that stay in number are exchanged, so that typing in a line moves no other line.
  const std::size_t old = range.end.line - range.start.line + 1;
  const std::size_t same = std::min(old, lines.size());
  const auto at = lines_.begin() + static_cast<std::ptrdiff_t>(range.start.line);
  const auto middle = lines.begin() + static_cast<std::ptrdiff_t>(same);
  std::move(lines.begin(), middle, at);
  const auto next = at + static_cast<std::ptrdiff_t>(same);
  if (old > same) {
    lines_.erase(next, at + static_cast<std::ptrdiff_t>(old));
  } else {
    lines_.insert(next, std::make_move_iterator(middle), std::make_move_iterator(lines.end()));
  }
  return edit;
}

Edit Text::replace_all(std::string_view with) {
  const std::vector<std::string> lines = split(with);
  const std::size_t most = std::min(lines.size(), lines_.size());
  std::size_t above = 0;
  while (above < most && lines[above] == lines_[above]) ++above;
  if (above == lines.size() && above == lines_.size()) return {{end(), end()}, end()};
  std::size_t below = 0;
  while (below < most - above &&
         lines[lines.size() - 1 - below] == lines_[lines_.size() - 1 - below]) {
    ++below;
  }
  // From the end of the last equal line above, or the start of the text, likewise below.
  const auto place_in = [&](const std::vector<std::string>& of) -> Range {
    const Position start = above > 0 ? Position{above - 1, of[above - 1].size()} : Position{0, 0};
    const std::size_t stop = of.size() - below;
    if (above > 0) return {start, stop > 0 ? Position{stop - 1, of[stop - 1].size()} : Position{}};
    return {start, below > 0 ? Position{stop, 0} : Position{of.size() - 1, of.back().size()}};
  };
  const Range old = place_in(lines_);
  const Range fresh = place_in(lines);
  std::string between;
  for (std::size_t i = fresh.start.line; i <= fresh.end.line; ++i) {
    if (i > fresh.start.line) between.push_back('\n');
    const std::size_t from = i == fresh.start.line ? fresh.start.byte : 0;
    const std::size_t to = i == fresh.end.line ? fresh.end.byte : lines[i].size();
    between.append(lines[i], from, to - from);
  }
  return replace(old, between);
}

Position Positions::read(const Json& position) const {
  const std::size_t line = number_of(position, "line");
  if (line >= text_.lines().size()) return text_.end();
  return {line, byte_of(text_.line(line), number_of(position, "character"), encoding_)};
}

Range Positions::read_range(const Json& range) const {
  return {read(member(range, "start")), read(member(range, "end"))};
}

Json Positions::write(Position position) const {
  return {{"line", position.line},
          {"character", character_of(text_.line(position.line), position.byte, encoding_)}};
}

Json Positions::write(Range range) const {
  return {{"start", write(range.start)}, {"end", write(range.end)}};
}

Json Positions::write_line(std::size_t line) const {
  return write(Range{{line, 0}, {line, text_.line(line).size()}});
}

}  // namespace chatvim::lsp
