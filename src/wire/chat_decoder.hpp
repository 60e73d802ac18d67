// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "chat_chunk.hpp"
#include "response_decoder.hpp"
#include "said_text.hpp"

namespace chatvim::wire {

/// Decodes responses of OpenAI's Chat Completions and of what is compatible with it. It ends at
/// `[DONE]`, or at the end of the body when a finish reason was there; any other end is a cut
/// stream.
class ChatDecoder final : public ResponseDecoder {
 public:
  ChatDecoder() : ResponseDecoder(Api::kChat) {}

 private:
  Taken take_event(std::string_view type, std::string_view data) override;
  Taken take_whole(std::string_view text) override;
  bool is_ours(std::string_view type) const override { return type == "message"; }
  void take_end_mark() override;
  std::string_view cut_words() const override { return "stream ended without finish_reason"; }

  void take_chunk(const ChatChunk& chunk);
  void take_reasoning(const Speech& speech);
  std::string_view new_in(SaidText& said, std::string_view text);

  ChunkReader reader_;
  SaidText said_;
  SaidText thought_;
  SaidText refused_;
  bool has_deltas_ = false;       // some delta said something
  bool is_message_ = false;       // what is taken is a `message`
  bool is_last_ = false;          // it has a finish reason
  bool called_ = false;           // there was a tool call
  bool plain_reasoning_ = false;  // reasoning came as a string, so its details repeat it
};

}  // namespace chatvim::wire
