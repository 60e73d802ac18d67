// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chat_chunk.hpp"
#include "chatvim/text/utf8.hpp"
#include "chatvim/wire/event.hpp"

namespace chatvim::wire {

/// The tool calls of one answer. Their pieces may come interleaved, without an index, or all with
/// the same index. At most 1,024 calls; pieces of further calls are dropped.
class ToolCalls {
 public:
  /// Appends the events of a piece: the start of a call, a piece of its arguments.
  void take(const ToolPiece& piece, std::vector<Event>& events);
  /// Emits the bytes held back because a character was split.
  void finish(std::vector<Event>& events);

 private:
  struct Call {
    int index;
    std::string id;
    text::Utf8Stream arguments;
  };
  Call* find(const ToolPiece& piece);
  int new_index(const ToolPiece& piece) const;

  std::vector<Call> calls_;
};

}  // namespace chatvim::wire
