// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "answer_state.hpp"
#include "call_text.hpp"
#include "chatvim/document/message.hpp"
#include "chatvim/provider/table.hpp"

namespace chatvim::wire {

/// A piece of a turn: text, a picture or PDF, a call, or an item of a state. It points into the
/// messages or into the `Turns`.
struct Piece {
  std::string_view text;
  const document::Part* media = nullptr;  ///< null for anything else
  const Call* call = nullptr;             ///< null for anything else
  const StateItem* item = nullptr;        ///< opaque; null for anything else
  std::string_view phase = {};            ///< of a text, in Responses; may be empty
};
/// Pieces in order. Adjacent text pieces are written as one, separated by a blank line.
using Pieces = std::vector<Piece>;

/// One message, a step of an answer with calls, the results of such a step, or adjacent messages of
/// one role joined together.
struct Turn {
  document::Role role = document::Role::kUser;
  Pieces pieces;
  /// The calls of the turn before, whose results come before the pieces; the role is the user's.
  std::vector<const Call*> results = {};
  const ChatState* chat_state = nullptr;  ///< of a step in Chat Completions, or null
};

/// How the messages of a chat are arranged into turns for a provider's wire format.
struct Arrangement {
  bool joins_roles = false;   ///< adjacent messages of one role become one turn
  bool system_apart = false;  ///< system text is not sent as a turn
  const provider::Provider& provider;
  std::string_view state_of = {};  ///< as in `Prompt`
};

/// The messages of a chat, arranged into turns. Can be moved, not copied: turns point to its calls.
struct Turns {
  Turns() = default;
  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;
  Turns(Turns&&) = default;
  Turns& operator=(Turns&&) = default;
  ~Turns() = default;

  Pieces system;  ///< empty unless system text is separate
  std::vector<Turn> turns;
  bool continues = false;        ///< the last turn is to be continued
  bool describes_media = false;  ///< pictures and PDFs are written as their type and size
  bool uses_tools = false;       ///< tools are offered, or the chat has calls
  // A deque leaves its elements where they are when it grows or is moved.
  std::deque<Call> calls;  ///< all calls, in order
  std::deque<std::vector<StateItem>> states;
  std::deque<ChatState> chat_states;
};

Turns arrange(std::span<const document::Message> messages, const Arrangement& arrangement);

/// Appends a message of this role, or returns the last turn if the two are to be joined.
Turn& turn_of(Turns& turns, document::Role role, bool joins_roles);

/// Whether any piece is a picture or a PDF.
bool has_media(const Pieces& pieces);
/// Whether any piece is not plain text.
bool has_blocks(const Pieces& pieces);
bool is_text(const Piece& piece);

/// Returns the text pieces as one string, separated by blank lines.
std::string join(std::span<const Piece> pieces);

/// Appends the texts as one JSON string.
void append_json_texts(std::string& out, std::span<const Piece> pieces);

/// How a wire format writes content that is more than text: as a list of blocks. A block is
/// appended without its closing brace.
struct BlockFormat {
  std::string_view text;  ///< the start of a text block, up to its JSON string
  void (*append_media)(std::string& out, const document::Part& part, bool describes);
  /// Appends a call or an item of a state; null if the format writes them elsewhere.
  void (*append_other)(std::string& out, const Piece& piece) = nullptr;
};

/// Appends the blocks, separated by commas; `mark` is inserted at the end of the last one. `out`
/// ends with the list's opening bracket or with a block.
void append_blocks(std::string& out, const Pieces& pieces, const BlockFormat& format,
                   bool describes, std::string_view mark = "");

}  // namespace chatvim::wire
