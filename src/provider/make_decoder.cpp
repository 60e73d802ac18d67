// SPDX-License-Identifier: Apache-2.0
#include "chat_decoder.hpp"
#include "messages_decoder.hpp"
#include "responses_decoder.hpp"

namespace chatvim::provider {

std::unique_ptr<Decoder> make_decoder(Api api) {
  switch (api) {
    case Api::kChat:
      return std::make_unique<ChatDecoder>();
    case Api::kResponses:
      return std::make_unique<ResponsesDecoder>();
    case Api::kMessages:
      return std::make_unique<MessagesDecoder>();
  }
  return nullptr;
}

}  // namespace chatvim::provider
