// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/chat/plan.hpp"
#include "chatvim/error.hpp"
#include "chatvim/http/client.hpp"
#include "chatvim/loop/loop.hpp"
#include "chatvim/store/keys.hpp"
#include "chatvim/wire/decoder.hpp"

namespace chatvim::completion {

/// What is going on, for the reader who waits.
enum class Phase { kKey, kConnecting, kWaiting, kThinking, kWriting, kRetrying };

/// "key", "connecting", "waiting", "thinking", "writing" or "retrying".
std::string_view name_of(Phase phase);

/// A request that failed and will be sent again.
struct Retry {
  int attempt = 1;     ///< from 1
  int most = 0;        ///< of how many
  double seconds = 0;  ///< until then
  Error reason;
};

/// How a completion ended.
struct Outcome {
  enum class Kind { kDone, kStopped, kError };
  Kind kind = Kind::kDone;
  std::optional<Error>
      notice;  ///< what is to be said: the error, or why a finished answer is not whole
  std::string finish_reason;  ///< the provider's word; may be empty
  provider::Usage usage;
  std::optional<double> price;            ///< US dollars, where the price is known
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
  /// The phase is `kRetrying` from now on.
  virtual void on_retry(const Retry& retry) = 0;
  virtual void on_answer(std::string_view text) = 0;
  virtual void on_reasoning(std::string_view text) = 0;
  /// All text so far was reasoning. False where it cannot be moved any more.
  virtual bool on_text_was_reasoning() { return false; }
  virtual void on_outcome(const Outcome& outcome) = 0;
};

/// One question and its answer, from the key to the outcome. What passes (an overloaded server, a
/// lost connection) is tried again, twice at most and only before any of an answer has come.
/// Destroying it cancels it silently.
class Completion final : private http::Handler {
 public:
  /// The loop, the client and the key ring must outlive it; the sink too.
  Completion(loop::Loop& loop, http::Client& client, store::KeyRing& keys, chat::Plan plan,
             Sink& sink);
  Completion(const Completion&) = delete;
  Completion& operator=(const Completion&) = delete;
  ~Completion() override;

  /// Looks up the key and sends the request. The sink may be called, up to the outcome, before this
  /// returns.
  void start();
  /// Ends it as stopped, unless it has ended.
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
  Sink& sink_;
  std::shared_ptr<const std::string> body_;
  std::string key_;
  std::unique_ptr<store::KeyRing::Lookup> lookup_;
  std::unique_ptr<http::Transfer> transfer_;
  std::unique_ptr<wire::Decoder> decoder_;
  std::vector<wire::Event> events_;
  Phase phase_ = Phase::kKey;
  int status_ = 0;
  bool ended_ = false;
  bool finish_extended_ = false;  ///< words came after the finish reason
  bool answered_ = false;         ///< something of an answer has come: nothing is sent again
  bool any_text_ = false;
  bool called_ = false;  ///< the model wants to use a tool
  int retries_ = 0;
  loop::Timer retry_timer_;
  loop::Timer finish_timer_;  ///< for counts and the end mark, once the answer is whole
  loop::Timer text_timer_;    ///< while nothing comes that is text or reasoning
  std::size_t reasoning_characters_ = 0;
  std::vector<wire::Warning> warnings_;
  std::string finish_reason_;
  provider::Usage usage_;
  std::optional<Error>
      broken_;  ///< why the transfer ended early, while the decoder says what it makes of that
  loop::Clock::time_point started_;
  std::optional<loop::Clock::time_point> first_text_;
};

}  // namespace chatvim::completion
