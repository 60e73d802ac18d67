// SPDX-License-Identifier: Apache-2.0
#include "flow.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

namespace chatvim::editor {

namespace {

/// A screen refresh at 60 Hz: more updates than that nobody sees.
constexpr std::chrono::duration<double> kInterval{0.016};
/// Updates that may go in a row without that distance: deltas that come 60 times a second with
/// jitter are never held back.
constexpr double kMostCredit = 3;
/// The most text of one update: Neovim needs a millisecond or two for it, and draws and answers
/// keys in between.
constexpr std::size_t kMostUpdateBytes = 64 * 1024;

constexpr std::string_view kBlank = " \t\n";

/// Bytes of `text` up to the blanks at its end.
std::size_t bare_size(std::string_view text) { return text.find_last_not_of(kBlank) + 1; }

/// At most `limit` bytes of `text`: up to a line break if there is one in the last part, else up to
/// a character's border.
std::size_t cut(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text.size();
  const auto line_break = text.rfind('\n', limit - 1);
  if (line_break != std::string_view::npos && line_break + 1 > limit / 2) return line_break + 1;
  std::size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return end;
}

}  // namespace

Flow::Flow(loop::Loop& loop, Send send, std::function<void()> on_drained)
    : send_(std::move(send)),
      on_drained_(std::move(on_drained)),
      timer_(loop, [this] { pump(); }),
      credit_(kMostCredit),
      refilled_(loop::Clock::now()) {}

void Flow::add(document::Piece piece) {
  if (piece.text.empty()) return;
  if (pending_.text.empty()) {
    pending_ = std::move(piece);
  } else {
    pending_.text += piece.text;
  }
  pump();
}

void Flow::acknowledge(std::uint64_t sequence) {
  if (!on_its_way_ || sequence != sequence_) return;
  on_its_way_ = false;
  pump();
}

void Flow::finish() {
  finished_ = true;
  pump();
}

void Flow::refill() {
  const auto now = loop::Clock::now();
  credit_ = std::min(kMostCredit, credit_ + (now - refilled_) / kInterval);
  refilled_ = now;
}

void Flow::pump() {
  if (on_its_way_) return;
  if (pending_.text.empty() || (!finished_ && bare_size(pending_.text) == 0)) {
    if (finished_ && on_drained_) std::exchange(on_drained_, nullptr)();
    return;
  }
  refill();
  if (credit_ < 1 && !finished_) {
    if (!timer_.active())
      timer_.start(std::chrono::duration_cast<loop::Duration>((1 - credit_) * kInterval));
    return;
  }
  credit_ = std::max(0.0, credit_ - 1);
  on_its_way_ = true;
  send_(++sequence_, next_piece());
}

document::Piece Flow::next_piece() {
  const std::size_t size = finished_ ? pending_.text.size() : bare_size(pending_.text);
  std::size_t end = cut(std::string_view(pending_.text).substr(0, size), kMostUpdateBytes);
  if (const auto bare = bare_size(std::string_view(pending_.text).substr(0, end));
      end < size && bare > 0) {
    end = bare;
  }
  if (end == pending_.text.size()) return std::exchange(pending_, {});
  document::Piece piece{pending_.text.substr(0, end), pending_.at_line_start};
  pending_.text.erase(0, end);
  pending_.at_line_start = false;
  return piece;
}

}  // namespace chatvim::editor
