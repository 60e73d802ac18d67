// SPDX-License-Identifier: Apache-2.0
#include "make_decoder.hpp"

#include <utility>

#include "chat_decoder.hpp"
#include "messages_decoder.hpp"
#include "responses_decoder.hpp"
#include "unrepeating_decoder.hpp"

namespace chatvim::wire {

std::unique_ptr<ResponseDecoder> make_plain_decoder(Api api) {
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

std::unique_ptr<Decoder> make_decoder(Api api, std::string repeated) {
  std::unique_ptr<Decoder> decoder = make_plain_decoder(api);
  if (repeated.empty()) return decoder;
  return std::make_unique<UnrepeatingDecoder>(std::move(decoder), std::move(repeated));
}

}  // namespace chatvim::wire
