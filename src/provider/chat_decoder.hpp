// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "chat_chunk.hpp"
#include "response_decoder.hpp"

namespace chatvim::provider {

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
  void take_end_mark() override { succeed(); }
  std::string_view cut_words() const override { return "stream ended without finish_reason"; }

  void take_chunk(const ChatChunk& chunk);
  void take_reasoning(const Speech& speech);

  ChunkReader reader_;
  bool spoke_ = false;            // some delta said something
  bool plain_reasoning_ = false;  // reasoning came as a string, so its details repeat it
};

}  // namespace chatvim::provider
