// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chatvim/document/message.hpp"
#include "chatvim/error.hpp"
#include "chatvim/provider/usage.hpp"
#include "chatvim/toolbox/question.hpp"
#include "chatvim/wire/event.hpp"

namespace chatvim::completion {

/// The current phase of an answer, for the waiting user.
enum class Phase {
  kKey,
  kConnecting,
  kWaiting,
  kThinking,
  kWriting,
  kRetrying,
  kStarting,  ///< a server of tools
  kRunning,   ///< tools
  kAsking     ///< the user is asked
};

/// Returns the phase's name on the channel: "key", "connecting", "waiting" and so on.
std::string_view name_of(Phase phase);

/// A request that failed and will be sent again.
struct Retry {
  int attempt = 1;     ///< from 1
  int most = 0;        ///< limit of attempts
  double seconds = 0;  ///< delay until the attempt
  Error reason;
};

/// How an answer, or one request of it, ended.
struct Outcome {
  enum class Kind { kDone, kStopped, kError };
  Kind kind = Kind::kDone;
  /// Message for the user: the error, or why a finished answer is incomplete.
  std::optional<Error> notice;
  std::string finish_reason;  ///< as the provider spells it; may be empty
  std::string refused;        ///< the setting that the server did not accept; may be empty
  provider::Usage usage;
  /// The input tokens of the first request, which alone is what its estimate can be compared with.
  std::optional<std::int64_t> first_input = {};
  std::optional<double> price;                     ///< US dollars, if known
  std::int64_t time = 0;                           ///< when it ended, in seconds since 1970
  double seconds = 0;                              ///< from the start to the end
  std::optional<double> seconds_to_text;           ///< from the start to the first text
  std::size_t requests = 1;                        ///< that the answer took
  std::optional<toolbox::Question> question = {};  ///< that ended the answer
};

/// Returns "done", "stopped" or "error".
std::string_view name_of(Outcome::Kind kind);

/// Receives the text of an answer. `on_outcome` is called exactly once, and nothing is called after
/// it. The owner of what calls it must destroy that later, from the loop, not within a call.
class Sink {
 public:
  virtual ~Sink() = default;
  /// Reports a new phase or more reasoning; `reasoning_characters` is the total so far.
  virtual void on_phase(Phase phase, std::size_t reasoning_characters) = 0;
  /// Reports that the request will be sent again. The phase is now `kRetrying`.
  virtual void on_retry(const Retry& retry) = 0;
  virtual void on_answer(std::string_view text) = 0;
  virtual void on_reasoning(std::string_view text) = 0;
  /// Reports that all text so far was reasoning. Returns false if the text can no longer be moved.
  virtual bool on_text_was_reasoning() { return false; }
  virtual void on_outcome(const Outcome& outcome) = 0;
};

/// Receives what one response has besides text, in the order of arrival.
class ResponseSink : public Sink {
 public:
  virtual void on_call(const wire::ToolCall& call) = 0;
  virtual void on_arguments(const wire::ToolArguments& arguments) = 0;
  virtual void on_state(const wire::State& state) = 0;
  virtual void on_source(const wire::Citation& source) = 0;
};

/// Receives an answer of one or more requests, with the calls of tools between them.
class AnswerSink : public Sink {
 public:
  /// Takes a call with its result, or a state, which stands where it comes among the text.
  virtual void on_part(const document::AnswerPart& part) = 0;
  /// Reports what is to come, so that it can be kept if this program ends: open calls and what
  /// stands between them.
  virtual void on_expect(const std::vector<document::AnswerPart>& parts) = 0;
  /// Reports the tools that run now, by their names in the document.
  virtual void on_tools(std::span<const std::string> running) = 0;
  /// Asks the user. The default replies `kStop`, for callers that cannot ask; the call stays open.
  virtual void on_question(const toolbox::Question& question,
                           std::function<void(toolbox::Decision)> reply) {
    (void)question;
    std::exchange(reply, nullptr)({});
  }
};

}  // namespace chatvim::completion
