// SPDX-License-Identifier: Apache-2.0
#include "chat_decoder.hpp"

#include <nlohmann/json.hpp>

#include "chatvim/json.hpp"
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

/// Without a finish reason, an error may still follow: some servers send it after the end mark.
void ChatDecoder::take_end_mark() {
  if (finish_reason_.empty()) note_finish(fallback_reason_);
  finish_reason_.empty() ? succeed_later() : succeed();
}

void ChatDecoder::take_chunk(const ChatChunk& chunk) {
  note_finish(chunk.finish_reason);
  if (!chunk.native_reason.empty()) fallback_reason_ = chunk.native_reason;
  if (chunk.usage) usage_ = chunk.usage;
  if (!chunk.whole_sources.empty()) last_sources_ = chunk.whole_sources;
  const ChatMessage& message = chunk.message;
  if (message.empty() && chunk.sources.empty() && chunk.details.empty()) return;
  has_deltas_ = has_deltas_ || !chunk.whole;
  const bool repeats = chunk.whole && has_deltas_;
  is_message_ = chunk.whole;
  is_last_ = !finish_reason_.empty();
  if (!repeats || emitted_reasoning_.size() > 0) take_reasoning(message);
  emit_text(new_in(emitted_text_, message.content));
  emit_refusal(new_in(emitted_refusal_, message.refusal));
  for (const Source& source : chunk.sources) take_source(source);
  if (repeats && called_) return;
  if (!repeats) keep_for_state(chunk);
  for (const ToolPiece& piece : message.tools) call(piece);
  called_ = called_ || !message.tools.empty();
}

/// Keeps what some providers want back with the calls of this response.
void ChatDecoder::keep_for_state(const ChatChunk& chunk) {
  const std::string& reasoning = chunk.message.reasoning_content;
  if (!reasoning.empty()) reasoning_content_ += reasoning;
  for (const std::string& detail : chunk.details) details_.add(detail);
}

void ChatDecoder::take_source(const Source& source) {
  if (sources_.emplace(source.url, source.start).second) emit_source(source.url, source.title);
}

/// Emits the sources of the answer as a whole, and the state if there are calls.
void ChatDecoder::emit_last() {
  for (const Source& source : last_sources_) take_source(source);
  if (calls_.empty()) return;
  Json state = Json::object();
  if (!reasoning_content_.empty()) state["reasoning_content"] = joined_text(reasoning_content_);
  if (!details_.empty()) state["reasoning_details"] = details_.merged();
  Json calls = Json::array();
  bool any = false;
  for (const std::string& extra : calls_.extras()) {
    any = any || !extra.empty();
    calls.push_back(nullptr);
    if (!extra.empty()) calls.back() = Json{{"extra_content", json::JsonCursor(extra).tree()}};
  }
  if (any) state["calls"] = std::move(calls);
  if (!state.empty()) emit_state(state.dump(), true);
}

/// Emits the reasoning, which comes under several names; if two are present, both hold the same
/// text.
void ChatDecoder::take_reasoning(const ChatMessage& message) {
  const std::string& plain =
      message.reasoning_content.empty() ? message.reasoning : message.reasoning_content;
  if (!plain.empty()) plain_reasoning_ = true;
  const std::string& reasoning = plain_reasoning_ ? plain : message.reasoning_details;
  // Typed parts do not repeat the plain reasoning, so append them.
  if (!message.thinking_parts.empty())
    return emit_reasoning(new_in(emitted_reasoning_, reasoning + message.thinking_parts));
  emit_reasoning(new_in(emitted_reasoning_, reasoning));
}

/// Returns the part of `text` that has not been emitted yet. A `message` after deltas repeats them,
/// perhaps with more text. If a stream has only messages, each is either a piece of the answer or
/// all of it so far.
std::string_view ChatDecoder::new_in(TextDigest& emitted, std::string_view text) {
  if (is_message_ && emitted.size() > 0 && !text.empty()) {
    const auto rest = emitted.rest_of(text);
    const bool repeats = has_deltas_ || (rest && (!rest->empty() || is_last_));
    if (repeats && !rest && text.size() > emitted.size()) note_difference(text);
    if (repeats) text = rest.value_or(std::string_view());
  }
  emitted.add(text);
  return text;
}

}  // namespace chatvim::wire
