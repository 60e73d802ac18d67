// SPDX-License-Identifier: Apache-2.0
#include "messages_decoder.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "chatvim/json.hpp"
#include "chatvim/text/fold.hpp"
#include "error_body.hpp"
#include "errors.hpp"
#include "reasoning_details.hpp"

namespace chatvim::wire {

ResponseDecoder::Taken MessagesDecoder::take_event(std::string_view type, std::string_view data) {
  const auto read = read_messages_event(data, counts_);
  if (!read) return Taken::kNotJson;
  if (read->type == "error" || read->error) {
    fail(describe_error(data));
    return Taken::kKnown;
  }
  // If the data has no type, use the SSE event's, unless the data is an error that replaces what
  // the event announced.
  const bool known = take_typed(*read, read->type) ||
                     (complaint_in(data) != Complaint::kError && take_typed(*read, type));
  if (!known) return Taken::kNothing;
  return read->damaged ? Taken::kDamaged : Taken::kKnown;
}

bool MessagesDecoder::is_ours(std::string_view type) const {
  return type == "message" || type.starts_with("message_") || type.starts_with("content_block_");
}

/// Handles an event of the given type. Returns false if the type is unknown.
bool MessagesDecoder::take_typed(const MessagesEvent& event, std::string_view type) {
  if (type == "message_start") {
    take_message(event);
  } else if (type == "content_block_start") {
    begin_block(event.block, event.index);
  } else if (type == "content_block_delta") {
    take_delta(event.block, event.index);
  } else if (type == "content_block_stop") {
    end_block(event.index);
  } else if (type == "message_delta") {
    take_stop(event.stop);
  } else if (type == "message_stop") {
    end_message();
  } else if (type == "message" && !event.content.empty()) {
    // A server that does not stream may send the whole message as the only event.
    take_message(event);
    end_message();
  } else {
    return type == "ping";
  }
  return true;
}

/// Takes a whole message, or the one of `message_start`, which only some compatible servers fill.
void MessagesDecoder::take_message(const MessagesEvent& event) {
  std::int64_t index = 0;
  for (const ContentBlock& block : event.content) {
    begin_block(block, index);
    end_block(index++);
  }
  take_stop(event.stop);
}

void MessagesDecoder::begin_block(const ContentBlock& block, std::int64_t index) {
  // Some servers do not end their blocks.
  end_thought();
  end_text();
  if (block.type == "thinking") {
    part_thoughts();
    thought_ = Thought{block.thinking, block.signature};
  } else if (block.type == "redacted_thinking") {
    has_thoughts_ = true;
    emit_state(Json{{"type", block.type}, {"data", joined_text(block.data)}}.dump());
  } else if (block.type == "text" && has_thoughts_) {
    emit_state(R"({"type":"text"})");
  }
  emit_reasoning(block.thinking);
  emit_text(block.text.empty() && block.type == "text" ? block.content : block.text);
  take_sources(block.citations);
  if (block.type != "tool_use") return;
  call({index, block.id, block.name, {}});
  open_calls_[index] = block.input;
}

void MessagesDecoder::take_delta(const ContentBlock& delta, std::int64_t index) {
  // Go by the members, because compatible servers send a different type or none.
  emit_reasoning(delta.thinking);
  if (thought_) {
    thought_->text += delta.thinking;
    thought_->signature += delta.signature;
  }
  if (!delta.text.empty()) end_thought();
  emit_text(delta.text);
  take_sources(delta.citations);
  if (delta.partial_json.empty()) return;
  // Server-side tools have such deltas too; only calls for the client count.
  const auto open = open_calls_.find(index);
  if (open == open_calls_.end()) return;
  open->second.clear();
  call({index, {}, {}, delta.partial_json});
}

void MessagesDecoder::end_block(std::int64_t index) {
  end_thought();
  end_text();
  const auto open = open_calls_.find(index);
  if (open == open_calls_.end()) return;
  if (!open->second.empty()) call({index, {}, {}, open->second});
  open_calls_.erase(open);
}

/// Emits the open thinking as a state. It must go back exactly as it came, but an empty signature
/// is left out, because servers reject it.
void MessagesDecoder::end_thought() {
  if (!thought_) return;
  Json item = {{"type", "thinking"}, {"thinking", joined_text(thought_->text)}};
  if (!thought_->signature.empty()) item["signature"] = joined_text(thought_->signature);
  thought_.reset();
  has_thoughts_ = true;
  emit_state(item.dump());
}

/// Keeps the sources of a block until its end, because they come before its text.
void MessagesDecoder::take_sources(const std::vector<Source>& sources) {
  for (const Source& source : sources) {
    const bool known = std::any_of(sources_.begin(), sources_.end(),
                                   [&](const Source& one) { return one.url == source.url; });
    if (!known) sources_.push_back(source);
  }
}

void MessagesDecoder::end_text() {
  for (const Source& source : std::exchange(sources_, {})) emit_source(source.url, source.title);
}

void MessagesDecoder::take_stop(const Stop& stop) {
  note_finish(stop.reason);
  if (!stop.explanation.empty()) explanation_ = stop.explanation;
}

void MessagesDecoder::end_message() {
  end_thought();
  end_text();
  while (!open_calls_.empty()) end_block(open_calls_.begin()->first);
  if (text::fold_word(finish_reason_) == "refusal" && !answered_) emit_refusal(explanation_);
  usage_ = counts_.total();
  succeed();
}

ResponseDecoder::Taken MessagesDecoder::take_whole(std::string_view text) {
  const auto message = read_messages_event(text, counts_);
  if (!message) return Taken::kNotJson;
  if (message->error || message->type == "error") {
    fail(describe_error(text));
  } else if (message->type == "message" || !message->content.empty()) {
    take_message(*message);
    end_message();
  } else {
    return Taken::kNothing;
  }
  return Taken::kKnown;
}

}  // namespace chatvim::wire
