// SPDX-License-Identifier: Apache-2.0
#include "messages_decoder.hpp"

#include "chatvim/text/fold.hpp"
#include "error_body.hpp"
#include "errors.hpp"

namespace chatvim::wire {

ResponseDecoder::Taken MessagesDecoder::take_event(std::string_view type, std::string_view data) {
  const auto read = read_messages_event(data, counts_);
  if (!read) return Taken::kNotJson;
  if (read->type == "error" || read->error) {
    fail(describe_error(data));
    return Taken::kKnown;
  }
  // Without a type of its own it has the event's, unless that is of what stood there before.
  const bool known = take_typed(*read, read->type) ||
                     (complaint_in(data) != Complaint::kError && take_typed(*read, type));
  if (!known) return Taken::kNothing;
  return read->damaged ? Taken::kDamaged : Taken::kKnown;
}

bool MessagesDecoder::is_ours(std::string_view type) const {
  return type == "message" || type.starts_with("message_") || type.starts_with("content_block_");
}

/// False when the type is not known.
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

/// The message of `message_start`, which is empty but for compatible servers, or a whole one.
void MessagesDecoder::take_message(const MessagesEvent& event) {
  std::int64_t index = 0;
  for (const ContentBlock& block : event.content) {
    begin_block(block, index);
    end_block(index++);
  }
  take_stop(event.stop);
}

void MessagesDecoder::begin_block(const ContentBlock& block, std::int64_t index) {
  if (block.type == "thinking") part_thoughts();
  think(block.thinking);
  say(block.text.empty() && block.type == "text" ? block.content : block.text);
  if (block.type != "tool_use") return;
  call({index, block.id, block.name, {}});
  open_calls_[index] = block.input;
}

void MessagesDecoder::take_delta(const ContentBlock& delta, std::int64_t index) {
  // By its members, as compatible servers give it another type or none.
  think(delta.thinking);
  say(delta.text);
  if (delta.partial_json.empty()) return;
  // The server's own tools have such deltas too; only calls that the reader is to run count.
  const auto open = open_calls_.find(index);
  if (open == open_calls_.end()) return;
  open->second.clear();
  call({index, {}, {}, delta.partial_json});
}

void MessagesDecoder::end_block(std::int64_t index) {
  const auto open = open_calls_.find(index);
  if (open == open_calls_.end()) return;
  if (!open->second.empty()) call({index, {}, {}, open->second});
  open_calls_.erase(open);
}

void MessagesDecoder::take_stop(const Stop& stop) {
  note_finish(stop.reason);
  if (!stop.explanation.empty()) explanation_ = stop.explanation;
}

void MessagesDecoder::end_message() {
  while (!open_calls_.empty()) end_block(open_calls_.begin()->first);
  if (text::fold_word(finish_reason_) == "refusal" && !answered_) refuse(explanation_);
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
