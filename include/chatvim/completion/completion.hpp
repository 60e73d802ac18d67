// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/completion/keys.hpp"
#include "chatvim/completion/plan.hpp"
#include "chatvim/error.hpp"
#include "chatvim/http/client.hpp"
#include "chatvim/loop/loop.hpp"
#include "chatvim/provider/decoder.hpp"

namespace chatvim::completion {

/// What is going on, for the reader who waits.
enum class Phase { kKey, kConnecting, kWaiting, kThinking, kWriting };

/// "key", "connecting", "waiting", "thinking" or "writing".
std::string_view name_of(Phase phase);

/// How a completion ended.
struct Outcome {
  enum class Kind { kDone, kStopped, kError };
  Kind kind = Kind::kDone;
  std::optional<Error>
      notice;  ///< what is to be said: the error, or why a finished answer is not whole
  std::string finish_reason;  ///< the provider's word; may be empty
  provider::Usage usage;
  double seconds = 0;                     ///< from the start to the end
  std::optional<double> seconds_to_text;  ///< from the start to the first text
};

/// "done", "stopped" or "error".
std::string_view name_of(Outcome::Kind kind);

/// Who takes an answer. Nothing is called after `on_outcome`, which comes exactly once; whoever
/// owns the completion destroys it later, from the loop, not within a call.
class Sink {
 public:
  virtual ~Sink() = default;
  /// A new phase, or more reasoning (its characters so far).
  virtual void on_phase(Phase phase, std::size_t reasoning_characters) = 0;
  virtual void on_answer(std::string_view text) = 0;
  virtual void on_reasoning(std::string_view text) = 0;
  virtual void on_outcome(const Outcome& outcome) = 0;
};

/// One request and its answer, from the key to the outcome. Destroying it cancels it silently.
class Completion final : private http::Handler {
 public:
  /// The client and the key ring must outlive it; the sink too.
  Completion(http::Client& client, KeyRing& keys, Plan plan, Sink& sink);
  Completion(const Completion&) = delete;
  Completion& operator=(const Completion&) = delete;
  ~Completion() override;

  /// Looks up the key and sends the request. The sink may be called, up to the outcome, before this
  /// returns.
  void start();
  /// Ends it as stopped, unless it has ended.
  void stop();

 private:
  void send(const std::string& key);
  void take_events();
  void take(const provider::Event& event);
  void enter(Phase phase);
  void fail(Error error);
  void end(const Outcome& outcome);
  void end_whole();
  Outcome new_outcome(Outcome::Kind kind) const;

  void on_connected() override;
  void on_head(int status, const http::Headers& headers) override;
  void on_body(std::string_view bytes) override;
  void on_end(Result<void> result) override;

  http::Client& client_;
  KeyRing& keys_;
  Plan plan_;
  Sink& sink_;
  std::unique_ptr<KeyRing::Lookup> lookup_;
  std::unique_ptr<http::Transfer> transfer_;
  std::unique_ptr<provider::Decoder> decoder_;
  std::vector<provider::Event> events_;
  Phase phase_ = Phase::kKey;
  int status_ = 0;
  bool ended_ = false;
  bool any_text_ = false;
  std::size_t reasoning_characters_ = 0;
  std::string finish_reason_;
  provider::Usage usage_;
  std::optional<Error>
      broken_;  ///< why the transfer ended early, while the decoder says what it makes of that
  loop::Clock::time_point started_;
  std::optional<loop::Clock::time_point> first_text_;
};

}  // namespace chatvim::completion
