// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "chatvim/chat/chat.hpp"
#include "chatvim/chat/origin.hpp"
#include "chatvim/chat/plan.hpp"
#include "chatvim/completion/sink.hpp"
#include "chatvim/environment.hpp"
#include "chatvim/http/client.hpp"
#include "chatvim/loop/loop.hpp"
#include "chatvim/store/calibration.hpp"
#include "chatvim/store/keys.hpp"
#include "chatvim/toolbox/toolbox.hpp"

namespace chatvim::completion {

/// One answer: a request to the model, and as long as the model calls tools, the calls and another
/// request with their results. A chat that ends with open calls begins with those. Destroying it
/// cancels everything silently.
class Answer final {
 public:
  /// All must outlive the answer.
  struct Parts {
    loop::Loop& loop;
    http::Client& client;
    store::KeyRing& keys;
    const Environment& environment;
    store::Calibration* calibration;  ///< may be null
    toolbox::Toolbox& tools;
    AnswerSink& sink;
  };
  /// `plan` is the chat's plan, made for sending.
  Answer(Parts parts, chat::Plan plan, chat::Chat chat, chat::Origin origin,
         toolbox::Permissions permissions);
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
  ~Answer();

  /// Begins. The sink may be called, up to the outcome, before this returns.
  void start();
  /// Ends with the outcome `kStopped`, unless the answer has ended already. Calls that run are
  /// written as cut; those that have not begun stay open.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace chatvim::completion
