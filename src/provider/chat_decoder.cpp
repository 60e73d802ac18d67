// SPDX-License-Identifier: Apache-2.0
#include "chat_decoder.hpp"

#include "errors.hpp"

namespace chatvim::provider {

void ChatDecoder::take_event(const sse::Event& event, std::string_view data) {
  if (data.starts_with("[DONE]")) return succeed();
  if (event.type == "error") return fail(describe_error(data));
  const ChatChunk* chunk = reader_.read(data);
  if (chunk != nullptr) {
    take_chunk(*chunk);
    if (chunk->error) fail(describe_error(data));
  } else if (event.type == "message") {
    fail_not_json(data);  // a named event (`ping`) may hold anything
  }
}

bool ChatDecoder::take_whole(std::string_view text) {
  const ChatChunk* chunk = reader_.read(text);
  if (chunk == nullptr) return false;
  take_chunk(*chunk);
  if (chunk->error) {
    fail(describe_error(text));
  } else if (!chunk->choices) {
    fail_no_message(text);
  } else {
    succeed();
  }
  return true;
}

void ChatDecoder::end_stream() {
  if (finish_reason_.empty()) {
    fail(ErrorCode::kTruncated, "stream ended without finish_reason");
  } else {
    succeed();
  }
}

void ChatDecoder::take_chunk(const ChatChunk& chunk) {
  if (!chunk.finish_reason.empty()) finish_reason_ = chunk.finish_reason;
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
