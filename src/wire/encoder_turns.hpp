// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/document/message.hpp"

namespace chatvim::wire {

/// A piece of what is said: text, or a picture or PDF. It points into the messages.
struct Piece {
  std::string_view text;
  const document::Part* media = nullptr;  ///< null: it is text
};
/// Pieces in their order; neighbours that are text become one, a blank line between them.
using Pieces = std::vector<Piece>;

/// What one side says, of one message or of neighbours of one role.
struct Turn {
  document::Role role = document::Role::kUser;
  Pieces pieces;
};

/// How the messages of a chat are put together for a wire format.
struct Arrangement {
  bool joins_roles = false;   ///< neighbours of one role become one turn
  bool system_apart = false;  ///< system text is no turn
};

/// The messages of a chat, put together.
struct Turns {
  Pieces system;  ///< only where it is apart
  std::vector<Turn> turns;
  bool continues = false;        ///< the last one is to be gone on with
  bool describes_media = false;  ///< pictures and PDFs are written as their type and size
};

Turns arrange(std::span<const document::Message> messages, Arrangement arrangement);

/// Whether there is more than text.
bool has_media(const Pieces& pieces);

/// The texts as one.
std::string join(std::span<const Piece> pieces);

/// Appends the texts as one JSON string.
void append_json_texts(std::string& out, std::span<const Piece> pieces);

/// How a wire format writes a list of content that is more than text. What is appended of a block
/// lacks the brace at its end.
struct BlockFormat {
  std::string_view text;  ///< a block of text up to its JSON string
  void (*append_media)(std::string& out, const document::Part& part, bool describes);
};

/// Appends the list of blocks; `mark` is put at the end of the last one.
void append_blocks(std::string& out, const Pieces& pieces, const BlockFormat& format,
                   bool describes, std::string_view mark = "");

}  // namespace chatvim::wire
