// SPDX-License-Identifier: Apache-2.0
#include "chatvim/terminal/screen.hpp"

#include <fmt/format.h>
#include <utf8.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "chatvim/text/width.hpp"

namespace chatvim::terminal {

namespace {

/// How a tab is shown.
constexpr std::string_view kTab = "    ";

/// The rows that a text takes, and the cell of the cursor.
struct Layout {
  std::vector<std::string> rows;
  std::size_t row = 0;
  std::size_t column = 0;
};

/// Lays out a text character by character.
class Composer {
 public:
  Composer(const Prompted& prompted, std::size_t columns)
      : prompted_(prompted), columns_(std::max<std::size_t>(columns, 2)) {
    begin_row(prompted.prompt);
  }

  Layout compose() {
    const std::string_view text = prompted_.text;
    auto at = text.begin();
    while (at != text.end()) {
      const auto start = at;
      const auto character = static_cast<char32_t>(utf8::unchecked::next(at));
      take(character, std::string_view(start, at), static_cast<std::size_t>(start - text.begin()));
    }
    if (column_ >= columns_) begin_row("");
    mark_cursor(text.size());
    return std::move(layout_);
  }

 private:
  void mark_cursor(std::size_t offset) {
    if (offset != prompted_.cursor) return;
    layout_.row = layout_.rows.size() - 1;
    layout_.column = std::min(column_, columns_ - 1);
  }

  void take(char32_t character, std::string_view bytes, std::size_t offset) {
    if (character == '\n') {
      mark_cursor(offset);
      return begin_row(prompted_.continued);
    }
    const bool is_control = character < 0x20 || (character >= 0x7F && character < 0xA0);
    if (character == '\t') {
      bytes = kTab;
    } else if (is_control) {
      bytes = "?";
    }
    const std::size_t cells = text::cells_of(bytes);
    if (column_ + cells > columns_) begin_row("");
    mark_cursor(offset);
    layout_.rows.back() += bytes;
    column_ += cells;
  }

  void begin_row(std::string_view prompt) {
    layout_.rows.emplace_back(prompt);
    column_ = text::cells_of(prompt);
  }

  const Prompted& prompted_;
  std::size_t columns_;
  std::size_t column_ = 0;
  Layout layout_;
};

}  // namespace

std::string Screen::draw(const Prompted& prompted, Size size) {
  const Layout layout = Composer(prompted, size.columns).compose();
  const std::size_t shown = std::min(layout.rows.size(), std::max<std::size_t>(size.rows, 1));
  const std::size_t first = layout.row < shown ? 0 : layout.row - shown + 1;
  std::string out = row_ > 0 ? fmt::format("\x1B[{}A", row_) : "";
  // To the first column, and erase all below (ECMA-48, 8.3.39).
  out += "\r\x1B[J";
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) out += "\r\n";
    out += layout.rows[first + i];
  }
  row_ = layout.row - first;
  last_row_ = shown - 1;
  if (last_row_ > row_) out += fmt::format("\x1B[{}A", last_row_ - row_);
  out += '\r';
  if (layout.column > 0) out += fmt::format("\x1B[{}C", layout.column);
  return out;
}

std::string Screen::leave() {
  std::string out = last_row_ > row_ ? fmt::format("\x1B[{}B", last_row_ - row_) : "";
  forget();
  return out + "\r\n";
}

}  // namespace chatvim::terminal
