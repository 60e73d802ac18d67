// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "chatvim/document/writer.hpp"
#include "chatvim/loop/loop.hpp"

namespace chatvim::editor {

/// Flow control towards the editor: at most one update is on its way, text that comes meanwhile
/// joins the next one, and under load updates keep a screen refresh's distance. An idle editor gets
/// each piece at once.
///
/// Blanks at the end of what has come wait for what follows: an editor may remove them when it
/// writes its file, and they would be missing in the middle of a line.
class Flow {
 public:
  using Send = std::function<void(std::uint64_t sequence, document::Piece piece)>;

  Flow(loop::Loop& loop, Send send, std::function<void()> on_drained);

  /// Takes a piece; sends it at once if nothing stands in its way.
  void add(document::Piece piece);
  /// The editor has the update. An unknown sequence is ignored.
  void acknowledge(std::uint64_t sequence);
  /// No more pieces: what is left goes without waiting for the next refresh; `on_drained` is called
  /// once when the editor has all.
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
  double credit_;  ///< updates that may go at once
  loop::Clock::time_point refilled_;
};

}  // namespace chatvim::editor
