// SPDX-License-Identifier: Apache-2.0
#include "chat_decoder.hpp"

#include "errors.hpp"

namespace chatvim::provider {

ResponseDecoder::Taken ChatDecoder::take_event(std::string_view /*type*/, std::string_view data) {
  const ChatChunk* chunk = reader_.read(data);
  if (chunk == nullptr) return Taken::kNotJson;
  take_chunk(*chunk);
  if (chunk->error) {
    fail(describe_error(data));
    return Taken::kKnown;
  }
  if (!chunk->known) return Taken::kNothing;
  return chunk->damaged ? Taken::kDamaged : Taken::kKnown;
}

ResponseDecoder::Taken ChatDecoder::take_whole(std::string_view text) {
  const ChatChunk* chunk = reader_.read(text);
  if (chunk == nullptr) return Taken::kNotJson;
  take_chunk(*chunk);
  if (chunk->error) {
    fail(describe_error(text));
  } else if (chunk->choices) {
    succeed();
  } else {
    return Taken::kNothing;
  }
  return Taken::kKnown;
}

void ChatDecoder::take_chunk(const ChatChunk& chunk) {
  note_finish(chunk.finish_reason);
  if (chunk.usage) usage_ = chunk.usage;
  const Speech& speech = chunk.speech;
  if (speech.empty() || (chunk.whole && spoke_)) return;
  spoke_ = true;
  take_reasoning(speech);
  say(speech.content);
  refuse(speech.refusal);
  for (const ToolPiece& piece : speech.tools) call(piece);
}

/// Reasoning comes under several names; where two of them are there, they hold the same text.
void ChatDecoder::take_reasoning(const Speech& speech) {
  const std::string& plain =
      speech.reasoning_content.empty() ? speech.reasoning : speech.reasoning_content;
  if (!plain.empty()) plain_reasoning_ = true;
  think(plain_reasoning_ ? plain : speech.reasoning_details);
  think(speech.thinking_parts);
}

}  // namespace chatvim::provider
