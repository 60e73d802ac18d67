// SPDX-License-Identifier: Apache-2.0
#include "encoder_turns.hpp"

#include <algorithm>

#include "answer_turns.hpp"
#include "chatvim/json/text.hpp"
#include "chatvim/text/lines.hpp"

namespace chatvim::wire {
namespace {

void add_pieces(Pieces& out, const document::Message& message) {
  if (message.parts.empty()) out.push_back({message.content});
  for (const document::Part& part : message.parts) {
    if (part.kind != document::Part::Kind::kText) {
      out.push_back({"", &part});
    } else if (!text::is_blank(part.text)) {  // servers reject blank text blocks
      out.push_back({part.text});
    }
  }
}

bool is_media(const Piece& piece) { return piece.media != nullptr; }

}  // namespace

Turn& turn_of(Turns& turns, document::Role role, bool joins_roles) {
  const bool joins = joins_roles && !turns.turns.empty() && turns.turns.back().role == role;
  return joins ? turns.turns.back() : turns.turns.emplace_back(Turn{role, {}});
}

Turns arrange(std::span<const document::Message> messages, const Arrangement& arrangement) {
  Turns out;
  CallIds ids(messages, arrangement.provider.api, arrangement.provider.call_ids);
  for (const document::Message& message : messages) {
    if (arrangement.system_apart && message.role == document::Role::kSystem) {
      add_pieces(out.system, message);
    } else if (!message.answer.empty()) {
      add_answer(out, message.answer, arrangement, ids);
    } else {
      add_pieces(turn_of(out, message.role, arrangement.joins_roles).pieces, message);
    }
  }
  out.uses_tools = !out.calls.empty();
  return out;
}

bool has_media(const Pieces& pieces) { return std::any_of(pieces.begin(), pieces.end(), is_media); }

bool is_text(const Piece& piece) {
  return piece.media == nullptr && piece.call == nullptr && piece.item == nullptr;
}

bool has_blocks(const Pieces& pieces) {
  return !std::all_of(pieces.begin(), pieces.end(), is_text);
}

std::string join(std::span<const Piece> pieces) {
  std::string joined;
  for (const Piece& piece : pieces) {
    if (!is_text(piece)) continue;
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
  for (auto piece = pieces.begin(); piece != pieces.end();) {
    if (out.back() != '[') out.push_back(',');
    auto end = piece + 1;
    if (is_media(*piece)) {
      format.append_media(out, *piece->media, describes);
    } else if (!is_text(*piece)) {
      format.append_other(out, *piece);
    } else {
      end = std::find_if_not(piece, pieces.end(), is_text);
      out.append(format.text);
      append_json_texts(out, std::span(piece, end));
    }
    if (end == pieces.end()) out.append(mark);
    out.push_back('}');
    piece = end;
  }
}

}  // namespace chatvim::wire
