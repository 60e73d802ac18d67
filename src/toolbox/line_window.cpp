// SPDX-License-Identifier: Apache-2.0
#include "line_window.hpp"

#include <algorithm>
#include <string_view>

#include "chatvim/text/utf8.hpp"
#include "file_call.hpp"

namespace chatvim::toolbox {
namespace {

constexpr std::uint64_t kBlock = 256U << 10U;
constexpr std::uint64_t kMostRead = 64U << 20U;
/// After the window, the lines of a file are counted to its end if it is at most this long.
constexpr std::uint64_t kMostCounted = 4U << 20U;

/// Collects a window from the blocks of a file.
class Collector {
 public:
  Collector(std::size_t first, std::size_t last) : last_(last) {
    window_.first = first;
    window_.last = first - 1;
  }

  void add(std::string_view block, std::uint64_t offset) {
    while (!block.empty()) {
      const std::size_t line_break = block.find('\n');
      const bool is_whole = line_break != std::string_view::npos;
      const std::string_view piece = block.substr(0, is_whole ? line_break + 1 : block.size());
      add_piece(piece, offset, is_whole);
      block.remove_prefix(piece.size());
      offset += piece.size();
    }
  }

  /// Whether no further line can be part of the window.
  bool is_done() const { return window_.lines >= last_ || !window_.has_room; }

  LineWindow finish(bool is_at_end) {
    if (in_line_) end_line();
    window_.is_at_end = is_at_end;
    return std::move(window_);
  }

 private:
  void add_piece(std::string_view piece, std::uint64_t offset, bool is_whole) {
    const std::size_t number = window_.lines + 1;
    if (number >= window_.first && number <= last_ && window_.has_room) {
      if (window_.text.empty()) window_.begin = offset;
      if (!in_line_) start_ = window_.text.size();
      take(piece);
    }
    in_line_ = !is_whole;
    if (is_whole) end_line();
  }

  /// Adds a piece of a line, unless the window is full; then the line is removed, or if it is the
  /// only one, cut off.
  void take(std::string_view piece) {
    const bool is_full = window_.last + 1 - window_.first == kMostTextLines ||
                         window_.text.size() + piece.size() > kMostText;
    if (!is_full) {
      window_.text += piece;
      return;
    }
    window_.has_room = false;
    if (start_ > 0) {
      window_.text.resize(start_);
    } else {
      window_.text += piece.substr(0, kMostText - window_.text.size());
      window_.is_cut = true;
      ++window_.last;
    }
  }

  void end_line() {
    ++window_.lines;
    if (window_.lines >= window_.first && window_.lines <= last_ && window_.has_room) {
      window_.last = window_.lines;
    }
    in_line_ = false;
  }

  LineWindow window_;
  std::size_t last_;
  bool in_line_ = false;
  std::size_t start_ = 0;  ///< of the current line in the text
};

}  // namespace

Result<LineWindow> read_window(const embed::Browser& browser, const std::string& path,
                               std::size_t first, std::size_t last) {
  Collector collector(first, last);
  bool is_at_end = false;
  for (std::uint64_t offset = 0; offset < kMostRead && !is_at_end;) {
    if (collector.is_done() && offset > kMostCounted) break;
    const auto block = browser.read(path, offset, kBlock);
    if (!block) return tl::unexpected(block.error());
    is_at_end = block->size() < kBlock;
    if (offset == 0) {
      LineWindow none;
      none.no_text = embed::Browser::why_not_text(*block, is_at_end, path);
      if (!none.no_text.empty()) return none;
    }
    std::string_view text = *block;
    const bool has_mark = offset == 0 && text.starts_with(text::kByteOrderMark);
    if (has_mark) text.remove_prefix(text::kByteOrderMark.size());
    collector.add(text, offset + (has_mark ? text::kByteOrderMark.size() : 0));
    offset += block->size();
  }
  return collector.finish(is_at_end);
}

}  // namespace chatvim::toolbox
