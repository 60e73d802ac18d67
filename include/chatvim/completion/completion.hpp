// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/chat/plan.hpp"
#include "chatvim/completion/sink.hpp"
#include "chatvim/error.hpp"
#include "chatvim/http/client.hpp"
#include "chatvim/loop/loop.hpp"
#include "chatvim/store/keys.hpp"
#include "chatvim/wire/decoder.hpp"

namespace chatvim::completion {

/// One request and its response, from the key to the outcome. Retries temporary failures (an
/// overloaded server, a lost connection) at most twice, and only before any part of an answer has
/// arrived. Destroying it cancels the request silently.
class Completion final : private http::Handler {
 public:
  /// The loop, the client, the key ring and the sink must outlive it.
  Completion(loop::Loop& loop, http::Client& client, store::KeyRing& keys, chat::Plan plan,
             ResponseSink& sink);
  Completion(const Completion&) = delete;
  Completion& operator=(const Completion&) = delete;
  ~Completion() override;

  /// Looks up the key and sends the request. The sink may be called, up to the outcome, before this
  /// returns.
  void start();
  /// Ends it with the outcome `kStopped`, unless it has ended already.
  void stop();

 private:
  void send();
  void take_events();
  void take(const wire::Event& event);
  void enter(Phase phase);
  void take_failure(wire::Failure failure);
  bool retry_later(const Error& reason, std::optional<double> after);
  void fail(Error error);
  void end(Outcome outcome);
  std::string hide(std::string_view text) const;
  void end_whole();
  void end_finished();
  void end_wordless();
  void take_call(const wire::ToolCall& call);
  void take_lone_end();
  void note_words();
  std::optional<double> price() const;
  Outcome new_outcome(Outcome::Kind kind) const;

  void on_connected() override;
  void on_head(int status, const http::Headers& headers) override;
  void on_body(std::string_view bytes) override;
  void on_end(Result<void> result) override;

  http::Client& client_;
  store::KeyRing& keys_;
  chat::Plan plan_;
  ResponseSink& sink_;
  std::shared_ptr<const std::string> body_;
  std::string key_;
  std::unique_ptr<store::KeyRing::Lookup> lookup_;
  std::unique_ptr<http::Transfer> transfer_;
  std::unique_ptr<wire::Decoder> decoder_;
  std::vector<wire::Event> events_;
  Phase phase_ = Phase::kKey;
  int status_ = 0;
  bool ended_ = false;
  bool finish_extended_ = false;  ///< text arrived after the finish reason
  bool answered_ = false;         ///< part of an answer has arrived, so no more retries
  bool any_text_ = false;
  bool called_ = false;  ///< the model called a tool
  int retries_ = 0;
  loop::Timer retry_timer_;
  /// Limits the wait for usage and the end mark once the answer is complete.
  loop::Timer finish_timer_;
  loop::Timer text_timer_;  ///< limits the time without text or reasoning
  std::size_t reasoning_characters_ = 0;
  std::vector<wire::Warning> warnings_;
  std::string finish_reason_;
  std::string refused_;
  provider::Usage usage_;
  std::optional<Error> broken_;  ///< why the transfer ended early, while the decoder finishes
  loop::Clock::time_point started_;
  std::optional<loop::Clock::time_point> first_text_;
};

}  // namespace chatvim::completion
