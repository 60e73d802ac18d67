// SPDX-License-Identifier: Apache-2.0
#include "chatvim/completion/completion.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "chatvim/completion/explain.hpp"
#include "chatvim/provider/encoder.hpp"

namespace chatvim::completion {

namespace {

/// Picks the handler of an event by its type.
template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

double seconds_between(loop::Clock::time_point from, loop::Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

/// Characters of valid UTF-8: its bytes but for continuation bytes.
std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (const char byte : text) count += (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
  return count;
}

}  // namespace

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::kKey:
      return "key";
    case Phase::kConnecting:
      return "connecting";
    case Phase::kWaiting:
      return "waiting";
    case Phase::kThinking:
      return "thinking";
    case Phase::kWriting:
      return "writing";
  }
  return "waiting";
}

std::string_view name_of(Outcome::Kind kind) {
  switch (kind) {
    case Outcome::Kind::kDone:
      return "done";
    case Outcome::Kind::kStopped:
      return "stopped";
    case Outcome::Kind::kError:
      return "error";
  }
  return "error";
}

Completion::Completion(http::Client& client, KeyRing& keys, Plan plan, Sink& sink)
    : client_(client),
      keys_(keys),
      plan_(std::move(plan)),
      sink_(sink),
      decoder_(provider::make_decoder(plan_.provider.api)),
      started_(loop::Clock::now()) {}

Completion::~Completion() = default;

void Completion::start() {
  sink_.on_phase(Phase::kKey, 0);
  if (ended_) return;
  lookup_ = keys_.find(plan_.provider, [this](Result<std::string> key) {
    if (key) {
      send(*key);
    } else {
      fail(key.error());
    }
  });
}

void Completion::send(const std::string& key) {
  if (ended_) return;
  enter(Phase::kConnecting);
  if (ended_) return;  // the sink may stop it whenever it is called
  const auto& row = plan_.provider;
  http::Request request;
  request.url = plan_.url;
  request.headers = provider::encode_headers(row, key);
  request.body = std::move(plan_.body);
  request.proxy = row.proxy;
  request.ca_file = row.ca_file;
  request.connect_timeout = row.connect_timeout;
  request.idle_timeout = row.idle_timeout;
  transfer_ = client_.start(std::move(request), *this);
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
}

void Completion::on_end(Result<void> result) {
  if (ended_) return;
  if (!result && status_ == 0)
    return fail(Error{result.error().code, plan_.provider.name + ": " + result.error().message});
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

void Completion::take(const provider::Event& event) {
  const auto text = [this](const std::string& piece) {
    if (piece.empty()) return;
    if (!first_text_) first_text_ = loop::Clock::now();
    any_text_ = any_text_ || piece.find_first_not_of(" \t\r\n") != std::string::npos;
    enter(Phase::kWriting);
    if (!ended_) sink_.on_answer(piece);
  };
  std::visit(Overloaded{[&](const provider::TextDelta& delta) { text(delta.text); },
                        [&](const provider::RefusalDelta& delta) { text(delta.text); },
                        [&](const provider::ReasoningDelta& delta) {
                          reasoning_characters_ += count_characters(delta.text);
                          phase_ = Phase::kThinking;
                          sink_.on_phase(phase_, reasoning_characters_);
                          if (!ended_) sink_.on_reasoning(delta.text);
                        },
                        [](const provider::ToolCall&) {}, [](const provider::ToolArguments&) {},
                        [&](const provider::Finish& finish) { finish_reason_ = finish.reason; },
                        [&](const provider::Usage& usage) { usage_ = usage; },
                        [&](const provider::End&) { end_whole(); },
                        [&](const provider::Failure& failure) {
                          if (broken_ && failure.code == ErrorCode::kTruncated) {
                            return fail(Error{broken_->code, plan_.provider.name + ": " +
                                                                 broken_->message +
                                                                 " What came is kept."});
                          }
                          fail(explain_failure(plan_, status_, failure));
                        }},
             event);
}

void Completion::enter(Phase phase) {
  if (phase == phase_) return;
  phase_ = phase;
  sink_.on_phase(phase, reasoning_characters_);
}

void Completion::end_whole() {
  Outcome outcome = new_outcome(Outcome::Kind::kDone);
  if (!any_text_) {
    outcome.kind = Outcome::Kind::kError;
    outcome.notice = explain_empty(plan_, finish_reason_);
  } else if (auto notice = explain_finish(plan_, finish_reason_); !notice.message.empty()) {
    outcome.notice = std::move(notice);
  }
  if (transfer_) transfer_->release();
  end(outcome);
}

void Completion::fail(Error error) {
  Outcome outcome = new_outcome(Outcome::Kind::kError);
  outcome.notice = std::move(error);
  end(outcome);
}

Outcome Completion::new_outcome(Outcome::Kind kind) const {
  Outcome outcome;
  outcome.kind = kind;
  outcome.finish_reason = finish_reason_;
  outcome.usage = usage_;
  outcome.seconds = seconds_between(started_, loop::Clock::now());
  if (first_text_) outcome.seconds_to_text = seconds_between(started_, *first_text_);
  return outcome;
}

void Completion::end(const Outcome& outcome) {
  if (std::exchange(ended_, true)) return;
  lookup_.reset();
  transfer_.reset();
  sink_.on_outcome(outcome);
}

}  // namespace chatvim::completion
