// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/document/message.hpp"

namespace chatvim::wire {

/// A piece of a turn: text, or a picture or PDF. It points into the messages.
struct Piece {
  std::string_view text;
  const document::Part* media = nullptr;  ///< null for text
};
/// Pieces in order. Adjacent text pieces are written as one, separated by a blank line.
using Pieces = std::vector<Piece>;

/// One message, or adjacent messages of one role joined together.
struct Turn {
  document::Role role = document::Role::kUser;
  Pieces pieces;
};

/// How the messages of a chat are arranged into turns for a wire format.
struct Arrangement {
  bool joins_roles = false;   ///< adjacent messages of one role become one turn
  bool system_apart = false;  ///< system text is not sent as a turn
};

/// The messages of a chat, arranged into turns.
struct Turns {
  Pieces system;  ///< empty unless system text is separate
  std::vector<Turn> turns;
  bool continues = false;        ///< the last turn is to be continued
  bool describes_media = false;  ///< pictures and PDFs are written as their type and size
};

Turns arrange(std::span<const document::Message> messages, Arrangement arrangement);

/// Whether any piece is a picture or a PDF.
bool has_media(const Pieces& pieces);

/// Returns the text pieces as one string, separated by blank lines.
std::string join(std::span<const Piece> pieces);

/// Appends the texts as one JSON string.
void append_json_texts(std::string& out, std::span<const Piece> pieces);

/// How a wire format writes content that is more than text: as a list of blocks. A block is
/// appended without its closing brace.
struct BlockFormat {
  std::string_view text;  ///< the start of a text block, up to its JSON string
  void (*append_media)(std::string& out, const document::Part& part, bool describes);
};

/// Appends the list of blocks; `mark` is inserted at the end of the last one.
void append_blocks(std::string& out, const Pieces& pieces, const BlockFormat& format,
                   bool describes, std::string_view mark = "");

}  // namespace chatvim::wire
