// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "chatvim/document/writer.hpp"
#include "chatvim/loop/loop.hpp"

namespace chatvim::editor {

/// Flow control towards the editor: at most one update is unacknowledged, text that arrives
/// meanwhile is added to the next one, and under load updates are at least a screen refresh apart.
/// An idle editor receives each piece at once.
///
/// Trailing blanks are held back until more text follows, because an editor may remove them when it
/// writes the file, and they would then be missing in the middle of a line.
class Flow {
 public:
  using Send = std::function<void(std::uint64_t sequence, document::Piece piece)>;

  Flow(loop::Loop& loop, Send send, std::function<void()> on_drained);

  /// Adds a piece; sends it at once if possible.
  void add(document::Piece piece);
  /// Reports that the editor has received the update. An unknown sequence is ignored.
  void acknowledge(std::uint64_t sequence);
  /// Marks the end: the rest is sent without waiting for the next refresh. `on_drained` is called
  /// once, when the editor has received everything.
  void finish();

 private:
  void pump();
  void refill();
  document::Piece next_piece();

  Send send_;
  std::function<void()> on_drained_;
  loop::Timer timer_;
  document::Piece pending_;
  std::uint64_t sequence_ = 0;
  bool on_its_way_ = false;
  bool finished_ = false;
  double credit_;  ///< updates that may be sent at once
  loop::Clock::time_point refilled_;
};

}  // namespace chatvim::editor
