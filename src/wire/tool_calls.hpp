// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chat_chunk.hpp"
#include "chatvim/text/utf8.hpp"
#include "chatvim/wire/event.hpp"

namespace chatvim::wire {

/// The tool calls of one answer, whose pieces may come interleaved, without an index or with the
/// same one for all. At most 1,024 calls; pieces of more are left out.
class ToolCalls {
 public:
  /// Appends what the piece says: a call that begins, a piece of its arguments.
  void take(const ToolPiece& piece, std::vector<Event>& events);
  /// Gives out what was held back of characters cut in two.
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
