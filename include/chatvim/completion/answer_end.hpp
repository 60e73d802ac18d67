// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chatvim/chat/chat.hpp"
#include "chatvim/chat/plan.hpp"
#include "chatvim/completion/sink.hpp"
#include "chatvim/document/writer.hpp"

namespace chatvim::completion {

/// Makes what is written below an answer when it ends: its provenance, if the chat wants that.
class AnswerEnding {
 public:
  AnswerEnding(const chat::Chat& chat, const chat::Plan& plan);

  document::AnswerEnd end(const Outcome& outcome) const;

 private:
  bool wanted_;
  std::string model_;  // PROVIDER/MODEL
};

}  // namespace chatvim::completion
