// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chat_chunk.hpp"
#include "reasoning_details.hpp"
#include "response_decoder.hpp"
#include "text_digest.hpp"

namespace chatvim::wire {

/// Decodes responses of OpenAI's Chat Completions API and compatible servers. A response ends at
/// `[DONE]`, or at the end of the body if a finish reason has arrived; any other end is a truncated
/// stream.
class ChatDecoder final : public ResponseDecoder {
 public:
  ChatDecoder() : ResponseDecoder(Api::kChat) {}

 private:
  Taken take_event(std::string_view type, std::string_view data) override;
  Taken take_whole(std::string_view text) override;
  bool is_ours(std::string_view type) const override { return type == "message"; }
  void take_end_mark() override;
  void emit_last() override;
  std::string_view cut_words() const override { return "stream ended without finish_reason"; }

  void take_chunk(const ChatChunk& chunk);
  void take_reasoning(const ChatMessage& message);
  void keep_for_state(const ChatChunk& chunk);
  void take_source(const Source& source);
  std::string_view new_in(TextDigest& emitted, std::string_view text);

  ChunkReader reader_;
  std::string reasoning_content_;  // all of it, for the state
  ReasoningDetails details_;
  std::set<std::pair<std::string, std::int64_t>> sources_;  // those emitted: URL and place
  std::vector<Source> last_sources_;                        // of the answer as a whole
  TextDigest emitted_text_;
  TextDigest emitted_reasoning_;
  TextDigest emitted_refusal_;
  bool has_deltas_ = false;       // a delta with content has arrived
  bool is_message_ = false;       // the current chunk has a `message`
  bool is_last_ = false;          // a finish reason has arrived
  bool called_ = false;           // a tool call has arrived
  bool plain_reasoning_ = false;  // reasoning came as a string, so `reasoning_details` repeats it
};

}  // namespace chatvim::wire
