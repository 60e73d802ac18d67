// SPDX-License-Identifier: Apache-2.0
#include "encoder_turns.hpp"

#include <algorithm>

#include "chatvim/json/text.hpp"

namespace chatvim::wire {
namespace {

/// Servers refuse a block of text that holds nothing.
bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

void add_pieces(Pieces& out, const document::Message& message) {
  if (message.parts.empty()) out.push_back({message.content});
  for (const document::Part& part : message.parts) {
    if (part.kind != document::Part::Kind::kText) {
      out.push_back({"", &part});
    } else if (!is_blank(part.text)) {
      out.push_back({part.text});
    }
  }
}

bool is_media(const Piece& piece) { return piece.media != nullptr; }

}  // namespace

Turns arrange(std::span<const document::Message> messages, Arrangement arrangement) {
  Turns out;
  for (const document::Message& message : messages) {
    if (arrangement.system_apart && message.role == document::Role::kSystem) {
      add_pieces(out.system, message);
      continue;
    }
    const bool joins =
        arrangement.joins_roles && !out.turns.empty() && out.turns.back().role == message.role;
    if (!joins) out.turns.push_back({message.role, {}});
    add_pieces(out.turns.back().pieces, message);
  }
  return out;
}

bool has_media(const Pieces& pieces) { return std::any_of(pieces.begin(), pieces.end(), is_media); }

std::string join(std::span<const Piece> pieces) {
  std::string joined;
  for (const Piece& piece : pieces) {
    if (is_media(piece)) continue;
    if (!joined.empty()) joined.append("\n\n");
    joined.append(piece.text);
  }
  return joined;
}

void append_json_texts(std::string& out, std::span<const Piece> pieces) {
  if (pieces.size() == 1) return json::append_json_string(out, pieces.front().text);
  json::append_json_string(out, join(pieces));
}

void append_blocks(std::string& out, const Pieces& pieces, const BlockFormat& format,
                   bool describes, std::string_view mark) {
  out.push_back('[');
  for (auto piece = pieces.begin(); piece != pieces.end();) {
    if (out.back() != '[') out.push_back(',');
    auto end = piece + 1;
    if (is_media(*piece)) {
      format.append_media(out, *piece->media, describes);
    } else {
      end = std::find_if(piece, pieces.end(), is_media);
      out.append(format.text);
      append_json_texts(out, std::span(piece, end));
    }
    if (end == pieces.end()) out.append(mark);
    out.push_back('}');
    piece = end;
  }
  out.push_back(']');
}

}  // namespace chatvim::wire
