// SPDX-License-Identifier: Apache-2.0
#include "chatvim/completion/completion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <random>
#include <utility>

#include "chatvim/store/secrets.hpp"
#include "chatvim/text/utf8.hpp"
#include "chatvim/wire/encoder.hpp"
#include "chatvim/wire/finish.hpp"
#include "explain.hpp"

namespace chatvim::completion {

namespace {

/// Selects the handler of an event by its type.
template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

constexpr int kMostRetries = 2;
/// Limit of a finish reason in bytes; real ones are shorter.
constexpr std::size_t kMostReason = 100;
/// The longest wait that a server may ask for before a retry, in seconds; the official clients wait
/// up to 60 or 120.
constexpr double kLongestWait = 60;

/// Returns the seconds to wait if the server does not specify a time: 0.5, doubling up to 8, minus
/// random jitter of up to a quarter, so that many clients do not retry at the same moment. The
/// official clients do the same.
double own_wait(int attempt) {
  static std::minstd_rand random{std::random_device{}()};
  const double chance = std::uniform_real_distribution<double>(0, 0.25)(random);
  return std::min(0.5 * std::exp2(attempt - 1), 8.0) * (1 - chance);
}

/// How long to wait for usage and the end mark after the finish reason. Some servers send neither,
/// but heartbeats forever.
constexpr std::chrono::seconds kAfterFinish{3};

double seconds_between(loop::Clock::time_point from, loop::Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

/// Counts the characters of valid UTF-8: all bytes except continuation bytes.
std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (const char byte : text) count += (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
  return count;
}

}  // namespace

Completion::Completion(loop::Loop& loop, http::Client& client, store::KeyRing& keys,
                       chat::Plan plan, ResponseSink& sink)
    : client_(client),
      keys_(keys),
      plan_(std::move(plan)),
      sink_(sink),
      body_(std::make_shared<const std::string>(std::move(plan_.body))),
      retry_timer_(loop, [this] { send(); }),
      finish_timer_(loop, [this] { end_finished(); }),
      text_timer_(loop, [this] { end_wordless(); }),
      started_(loop::Clock::now()) {}

Completion::~Completion() = default;

void Completion::start() {
  sink_.on_phase(Phase::kKey, 0);
  if (ended_) return;
  lookup_ = keys_.find(plan_.provider, [this](Result<std::string> key) {
    if (key) {
      key_ = std::move(*key);
      send();
    } else {
      fail(key.error());
    }
  });
}

void Completion::send() {
  if (ended_) return;
  decoder_ = wire::make_decoder(plan_.provider.api, plan_.repeated);
  status_ = 0;
  broken_.reset();
  warnings_.clear();
  called_ = false;
  enter(Phase::kConnecting);
  if (ended_) return;  // the sink may call `stop` at any time
  const auto& row = plan_.provider;
  http::Request request;
  request.url = plan_.url;
  request.headers = wire::encode_headers(row, key_);
  request.body = body_;
  request.proxy = row.proxy;
  request.ca_file = row.ca_file;
  request.connect_timeout = row.connect_timeout;
  request.idle_timeout = row.idle_timeout;
  note_words();
  transfer_ = client_.start(std::move(request), *this);
}

/// Restarts `text_timer_`: text or reasoning has arrived, or may arrive from now on.
void Completion::note_words() {
  const auto limit = std::chrono::duration<double>(plan_.provider.text_timeout);
  if (limit.count() > 0) text_timer_.start(std::chrono::duration_cast<loop::Duration>(limit));
  // Extend only once, or a server that keeps sending after the finish reason would never end.
  if (finish_timer_.active() && !finish_extended_) {
    finish_extended_ = true;
    finish_timer_.start(kAfterFinish);
  }
}

void Completion::end_finished() {
  decoder_->finish(events_);
  take_events();
}

void Completion::end_wordless() {
  Error error{ErrorCode::kTimeout,
              fmt::format("{}: The server sent neither text nor reasoning for {:g} seconds "
                          "(text_timeout).",
                          plan_.provider.name, plan_.provider.text_timeout)};
  if (first_text_) error.message += " What came is kept.";
  fail(std::move(error));
}

void Completion::stop() { end(new_outcome(Outcome::Kind::kStopped)); }

void Completion::on_connected() { enter(Phase::kWaiting); }

void Completion::on_head(int status, const http::Headers& headers) {
  status_ = status;
  enter(Phase::kWaiting);
  decoder_->head(status, headers);
}

void Completion::on_body(std::string_view bytes) {
  decoder_->feed(bytes, events_);
  take_events();
  if (ended_) return;
  if (!decoder_->finished()) return finish_timer_.stop();  // the answer only looked complete
  if (!finish_timer_.active()) finish_timer_.start(kAfterFinish);
}

void Completion::on_end(Result<void> result) {
  if (ended_) return;
  if (!result && status_ == 0) {
    Error error{result.error().code, plan_.provider.name + ": " + result.error().message};
    if (error.code == ErrorCode::kLost && retry_later(error, std::nullopt)) return;
    return fail(std::move(error));
  }
  if (!result) broken_ = result.error();
  decoder_->finish(events_);
  take_events();
}

void Completion::take_events() {
  for (const auto& event : events_) {
    if (!ended_) take(event);
  }
  events_.clear();
}

void Completion::take(const wire::Event& event) {
  const auto text = [this](const std::string& piece) {
    if (piece.empty()) return;
    answered_ = true;
    note_words();
    if (!first_text_) first_text_ = loop::Clock::now();
    any_text_ = any_text_ || piece.find_first_not_of(" \t\r\n") != std::string::npos;
    enter(Phase::kWriting);
    if (!ended_) sink_.on_answer(piece);
  };
  std::visit(Overloaded{[&](const wire::TextDelta& delta) { text(delta.text); },
                        [&](const wire::RefusalDelta& delta) { text(delta.text); },
                        [&](const wire::ReasoningDelta& delta) {
                          answered_ = true;
                          note_words();
                          reasoning_characters_ += count_characters(delta.text);
                          phase_ = Phase::kThinking;
                          sink_.on_phase(phase_, reasoning_characters_);
                          if (!ended_) sink_.on_reasoning(delta.text);
                        },
                        [&](const wire::ToolCall& call) { take_call(call); },
                        [&](const wire::ToolArguments& arguments) {
                          note_words();
                          sink_.on_arguments(arguments);
                        },
                        [&](const wire::State& state) { sink_.on_state(state); },
                        [&](const wire::Citation& source) { sink_.on_source(source); },
                        [&](const wire::TextWasReasoning&) { take_lone_end(); },
                        [&](const wire::Warning& warning) { warnings_.push_back(warning); },
                        [&](const wire::Finish& finish) { finish_reason_ = finish.reason; },
                        [&](const provider::Usage& usage) { usage_ = usage; },
                        [&](const wire::End&) { end_whole(); },
                        [&](const wire::Failure& failure) { take_failure(failure); }},
             event);
}

void Completion::take_call(const wire::ToolCall& call) {
  called_ = true;
  answered_ = true;
  note_words();
  enter(Phase::kWriting);
  if (!ended_) sink_.on_call(call);
}

/// Marks the text so far as reasoning; if it cannot be moved, it stays as the server sent it.
void Completion::take_lone_end() {
  if (sink_.on_text_was_reasoning()) {
    any_text_ = false;
    return;
  }
  warnings_.push_back({ErrorCode::kReasoningInText, ""});
  if (!ended_) sink_.on_answer(wire::kLoneReasoningEnd);
}

void Completion::take_failure(wire::Failure failure) {
  // Redact before truncating the message, because half a key would not be recognized.
  failure.message = hide(failure.message);
  if (!broken_ || failure.code != ErrorCode::kTruncated) {
    // A proxy reports a broken upstream connection as a clean end.
    const bool again = failure.retry || failure.code == ErrorCode::kTruncated;
    if (again && retry_later(name_failure(plan_, status_, failure), failure.after)) return;
    Error error = explain_failure(plan_, status_, failure);
    refused_ = refused_setting(plan_, failure);
    if (first_text_) error.message += " What came is kept.";
    return fail(std::move(error));
  }
  Error error{broken_->code, plan_.provider.name + ": " + broken_->message};
  if (error.code == ErrorCode::kTruncated && retry_later(error, std::nullopt)) return;
  if (first_text_) error.message += " What came is kept.";
  fail(std::move(error));
}

/// Schedules a retry and returns true, unless part of an answer has arrived, the retries are used
/// up, or the server asks for too long a wait.
bool Completion::retry_later(const Error& reason, std::optional<double> after) {
  if (answered_ || retries_ == kMostRetries || after.value_or(0) > kLongestWait) return false;
  ++retries_;
  const Retry retry{retries_,
                    kMostRetries,
                    after.value_or(own_wait(retries_)),
                    {reason.code, hide(reason.message)}};
  phase_ = Phase::kRetrying;
  text_timer_.stop();
  finish_timer_.stop();
  transfer_.reset();
  retry_timer_.start(
      std::chrono::duration_cast<loop::Duration>(std::chrono::duration<double>(retry.seconds)));
  sink_.on_retry(retry);
  return true;
}

void Completion::enter(Phase phase) {
  if (phase == phase_) return;
  phase_ = phase;
  sink_.on_phase(phase, reasoning_characters_);
}

void Completion::end_whole() {
  Outcome outcome = new_outcome(Outcome::Kind::kDone);
  for (wire::Warning& warning : warnings_) warning.message = hide(warning.message);
  const bool has_calls = called_ && plan_.offers_tools;
  if (!any_text_ && !has_calls) {
    outcome.kind = Outcome::Kind::kError;
    outcome.notice = explain_empty(plan_, finish_reason_, {reasoning_characters_ > 0, called_});
  } else {
    // After calls, the next request follows; the answer has not ended early.
    const bool goes_on = has_calls && wire::may_run(finish_reason_);
    outcome.notice = explain_end(plan_, goes_on ? "" : finish_reason_, warnings_);
  }
  if (transfer_) transfer_->release();
  end(std::move(outcome));
}

void Completion::fail(Error error) {
  Outcome outcome = new_outcome(Outcome::Kind::kError);
  if (retries_ > 0 && !answered_) error.message += fmt::format(" Tried {} times.", retries_ + 1);
  outcome.notice = std::move(error);
  end(std::move(outcome));
}

/// Returns the cost that the server billed, else the one calculated from the price and the tokens.
std::optional<double> Completion::price() const {
  if (usage_.cost) return usage_.cost;
  return plan_.facts ? provider::cost_of(*plan_.facts, usage_) : std::nullopt;
}

Outcome Completion::new_outcome(Outcome::Kind kind) const {
  Outcome outcome;
  outcome.kind = kind;
  outcome.finish_reason = finish_reason_;
  outcome.refused = refused_;
  outcome.usage = usage_;
  outcome.price = price();
  outcome.seconds = seconds_between(started_, loop::Clock::now());
  if (first_text_) outcome.seconds_to_text = seconds_between(started_, *first_text_);
  return outcome;
}

void Completion::end(Outcome outcome) {
  if (std::exchange(ended_, true)) return;
  lookup_.reset();
  transfer_.reset();
  retry_timer_.stop();
  finish_timer_.stop();
  text_timer_.stop();
  outcome.finish_reason = text::printable(hide(outcome.finish_reason), kMostReason);
  if (outcome.notice) {
    outcome.notice->message = hide(outcome.notice->message);
    outcome.notice->advice = hide(outcome.notice->advice);
  }
  sink_.on_outcome(outcome);
}

/// Redacts the request's secrets in a text for the user, because the server may repeat them.
std::string Completion::hide(std::string_view text) const {
  return store::Secrets(plan_.provider, key_).hide(text);
}

}  // namespace chatvim::completion
