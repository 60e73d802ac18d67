// SPDX-License-Identifier: Apache-2.0
#include "chat_decoder.hpp"

#include "errors.hpp"

namespace chatvim::wire {

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

/// Without a finish reason it may be the end of an error, which some servers send after it.
void ChatDecoder::take_end_mark() {
  if (finish_reason_.empty()) note_finish(fallback_reason_);
  finish_reason_.empty() ? succeed_later() : succeed();
}

void ChatDecoder::take_chunk(const ChatChunk& chunk) {
  note_finish(chunk.finish_reason);
  if (!chunk.native_reason.empty()) fallback_reason_ = chunk.native_reason;
  if (chunk.usage) usage_ = chunk.usage;
  const Speech& speech = chunk.speech;
  if (speech.empty()) return;
  has_deltas_ = has_deltas_ || !chunk.whole;
  const bool repeats = chunk.whole && has_deltas_;
  is_message_ = chunk.whole;
  is_last_ = !finish_reason_.empty();
  if (!repeats || thought_.size() > 0) take_reasoning(speech);
  say(new_in(said_, speech.content));
  refuse(new_in(refused_, speech.refusal));
  if (repeats && called_) return;
  for (const ToolPiece& piece : speech.tools) call(piece);
  called_ = called_ || !speech.tools.empty();
}

/// Reasoning comes under several names; where two of them are there, they hold the same text.
void ChatDecoder::take_reasoning(const Speech& speech) {
  const std::string& plain =
      speech.reasoning_content.empty() ? speech.reasoning : speech.reasoning_content;
  if (!plain.empty()) plain_reasoning_ = true;
  const std::string& reasoning = plain_reasoning_ ? plain : speech.reasoning_details;
  // The typed parts of a whole message are all that there is of them.
  if (!speech.thinking_parts.empty())
    return think(new_in(thought_, reasoning + speech.thinking_parts));
  think(new_in(thought_, reasoning));
}

/// What a text adds to what has been said. A `message` after deltas repeats them, perhaps with
/// more; where only messages come, they are pieces of the answer, or each holds all of it so far.
std::string_view ChatDecoder::new_in(SaidText& said, std::string_view text) {
  if (is_message_ && said.size() > 0 && !text.empty()) {
    const auto rest = said.rest_of(text);
    const bool repeats = has_deltas_ || (rest && (!rest->empty() || is_last_));
    if (repeats && !rest && text.size() > said.size()) note_difference(text);
    if (repeats) text = rest.value_or(std::string_view());
  }
  said.add(text);
  return text;
}

}  // namespace chatvim::wire
