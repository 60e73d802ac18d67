// SPDX-License-Identifier: Apache-2.0
#include "chatvim/completion/answer.hpp"

#include <algorithm>
#include <utility>

#include "answer_impl.hpp"
#include "chatvim/loop/system.hpp"
#include "chatvim/wire/finish.hpp"
#include "schema_notice.hpp"

namespace chatvim::completion {

namespace {

using document::AnswerPart;

/// Equal steps in a row that end an answer: the model is stuck.
constexpr int kMostEqual = 3;

double seconds_since(loop::Clock::time_point start) {
  return std::chrono::duration<double>(loop::Clock::now() - start).count();
}

template <class Number>
void add(std::optional<Number>& sum, const std::optional<Number>& more) {
  if (more) sum = sum.value_or(0) + *more;
}

void add(provider::Usage& sum, const provider::Usage& more) {
  add(sum.input, more.input);
  add(sum.output, more.output);
  add(sum.cached, more.cached);
  add(sum.reasoning, more.reasoning);
  add(sum.cache_written, more.cache_written);
  add(sum.cost, more.cost);
}

/// Returns why a server could not be used.
std::string refusal_in(const toolbox::CallEnd& end) {
  if (end.outcome != document::ToolCall::Outcome::kRefused) return end.text;
  return "Change tools in the chat to do without the server that you did not allow.";
}

/// Returns the highest number of a step in an answer.
std::size_t last_step(const std::vector<AnswerPart>& parts) {
  std::size_t last = 0;
  for (const AnswerPart& part : parts) {
    if (part.kind == AnswerPart::Kind::kCall) last = std::max(last, part.call.step);
  }
  return last;
}

}  // namespace

Answer::Impl::Impl(Parts parts, chat::Plan plan, chat::Chat chat, chat::Origin origin,
                   toolbox::Permissions permissions)
    : parts_(parts),
      plan_(std::move(plan)),
      chat_(std::move(chat)),
      origin_(std::move(origin)),
      permissions_(std::move(permissions)),
      most_requests_(chat_.settings.max_steps()),
      model_(plan_->provider.name + "/" + plan_->model),
      questions_(
          parts_.loop,
          [this](const toolbox::Question& question, std::function<void(toolbox::Decision)> reply) {
            parts_.sink.on_question(question, std::move(reply));
          },
          [this] { show_tools(); }),
      started_(loop::Clock::now()) {
  const bool goes_on = chat_.place && chat_.mode != chat::Mode::kRetry;
  if (chat_.schema && chat_.mode == chat::Mode::kContinue) {
    last_text_ = chat_.messages.back().content;
  }
  std::vector<AnswerPart> existing;
  if (goes_on) {
    document::Message& last = chat_.messages.back();
    existing = last.answer.empty()
                   ? std::vector<AnswerPart>{{AnswerPart::Kind::kText, last.content}}
                   : last.answer;
    open_ = chat_.place->again_parts;
    existing.resize(existing.size() - std::min(existing.size(), open_.size()));
  }
  const bool is_resumed = goes_on && chat_.mode == chat::Mode::kAnswer;
  uses_tools_ = is_resumed || !chat_.tools.empty() || !chat_.missing_servers.empty();
  steps_ = last_step(existing);
  if (!uses_tools_) return;
  transcript_.emplace(chat_.format);
  for (const AnswerPart& part : existing) transcript_->add(part);
  if (!goes_on) return;
  before_ = std::move(chat_.messages.back());
  chat_.messages.pop_back();
}

void Answer::Impl::start() {
  if (uses_tools_) {
    // After the request, which does not wait for servers.
    post([this] { parts_.tools.warm(chat_, origin_); });
  }
  if (!chat_.missing_servers.empty()) {
    plan_.reset();
    return list_servers(
        [this] { open_.empty() ? prepare() : run(std::exchange(open_, {}), true); });
  }
  if (!open_.empty()) return run(std::exchange(open_, {}), true);
  send();
}

/// Reads the lists of tools that are not known, or not any more, one server after the other.
void Answer::Impl::list_servers(std::function<void()> go_on) {
  if (chat_.missing_servers.empty()) {
    listing_.reset();
    parts_.tools.offer_to(chat_, origin_);
    return go_on();
  }
  const std::string server = chat_.missing_servers.front();
  chat_.missing_servers.erase(chat_.missing_servers.begin());
  parts_.sink.on_phase(Phase::kStarting, reasoning_before_);
  listing_ = parts_.tools.list(server, context(),
                               [this, go_on = std::move(go_on)](const toolbox::CallEnd& end) {
                                 if (ended_) return;
                                 using Kind = document::ToolCall::Outcome;
                                 // Without this server the chat would not be what was asked for.
                                 if (end.outcome == Kind::kOpen) return end_at(*end.question);
                                 if (end.outcome != Kind::kResult)
                                   return fail({ErrorCode::kTool, refusal_in(end)});
                                 post([this, go_on] { list_servers(go_on); });
                               });
}

/// Makes the next request from the chat and the answer so far, and sends it.
void Answer::Impl::prepare() {
  if (ended_) return;
  std::optional<document::Message> answer = std::exchange(before_, std::nullopt);
  if (has_results_) answer = transcript_->message();
  if (answer) chat_.messages.push_back(std::move(*answer));
  auto plan = chat::make_plan(chat_, parts_.environment, chat::Purpose::kSend, parts_.calibration);
  if (chat_.messages.back().role == document::Role::kAssistant) chat_.messages.pop_back();
  if (!plan) {
    Error error = plan.error();
    // Not that nothing was sent: the answer is cut short.
    if (requests_ > 0 && error.code == ErrorCode::kTooLarge) error.code = ErrorCode::kStepLimit;
    return fail(std::move(error));
  }
  plan_ = std::move(*plan);
  send();
}

void Answer::Impl::send() {
  if (ended_) return;
  ++requests_;
  step_.emplace(steps_ + 1, model_, chat_.tools);
  completion_ = std::make_unique<Completion>(parts_.loop, parts_.client, parts_.keys,
                                             std::move(*plan_), *this);
  plan_.reset();
  completion_->start();
}

/// Goes on with the results of a step, within the limits.
void Answer::Impl::send_next() {
  if (requests_ >= most_requests_) {
    return fail({ErrorCode::kStepLimit, "Complete the chat again to go on: the answer has taken " +
                                            std::to_string(requests_) +
                                            " requests, which is the limit (max_steps)."});
  }
  // The results that the document had are in the transcript now.
  before_.reset();
  has_results_ = true;
  chat_.mode = chat::Mode::kAnswer;
  chat_.spent = price_.value_or(0);
  parts_.tools.offer_to(chat_, origin_);
  list_servers([this] { prepare(); });
}

void Answer::Impl::on_phase(Phase phase, std::size_t reasoning_characters) {
  // The key is known from the first request.
  if (phase == Phase::kKey && requests_ > 1) return;
  reasoning_now_ = reasoning_characters;
  parts_.sink.on_phase(phase, reasoning_before_ + reasoning_now_);
}

void Answer::Impl::on_retry(const Retry& retry) { parts_.sink.on_retry(retry); }

void Answer::Impl::on_answer(std::string_view text) {
  if (uses_tools_ && !step_->take_text(text)) return;
  give_text(text);
}

void Answer::Impl::give_text(std::string_view text) {
  if (chat_.schema) last_text_ += text;
  if (transcript_) transcript_->add_text(text);
  parts_.sink.on_answer(text);
}

void Answer::Impl::on_reasoning(std::string_view text) { parts_.sink.on_reasoning(text); }

bool Answer::Impl::on_text_was_reasoning() {
  // What a step has written cannot be moved.
  const bool moved = !uses_tools_ && parts_.sink.on_text_was_reasoning();
  if (moved) last_text_.clear();
  return moved;
}

void Answer::Impl::on_call(const wire::ToolCall& call) {
  if (uses_tools_) step_->take_call(call);
}

void Answer::Impl::on_arguments(const wire::ToolArguments& arguments) {
  if (uses_tools_) step_->take_arguments(arguments);
}

void Answer::Impl::on_state(const wire::State& state) {
  if (uses_tools_) step_->take_state(state);
}

void Answer::Impl::on_source(const wire::Citation& source) {
  if (!footnotes_.is_numbered()) {
    footnotes_.number_after(chat_.messages);
    if (transcript_) footnotes_.number_after({{transcript_->message()}});
  }
  const std::string mark = footnotes_.add(source);
  if (!mark.empty()) on_answer(mark);
}

void Answer::Impl::on_outcome(const Outcome& outcome) {
  if (requests_ == 1) first_input_ = outcome.usage.input;
  add(usage_, outcome.usage);
  add(price_, outcome.price);
  if (!seconds_to_text_ && outcome.seconds_to_text) {
    seconds_to_text_ = seconds_since(started_) - outcome.seconds + *outcome.seconds_to_text;
  }
  reasoning_before_ += std::exchange(reasoning_now_, 0);
  if (!step_->has_calls()) return end(outcome);
  const bool runs = outcome.kind == Outcome::Kind::kDone && wire::may_run(outcome.finish_reason);
  auto parts = step_->take_parts(!runs);
  if (!runs) {
    give_all(parts);
    return end(outcome);
  }
  ++steps_;
  last_text_.clear();
  for (const AnswerPart& part : parts) parts_.tools.note_own(part.call);
  open_ = std::move(parts);
  post([this] { run(std::exchange(open_, {}), false); });
}

/// Makes the calls of a step; `from_document` tells that the chat had them.
void Answer::Impl::run(std::vector<AnswerPart> parts, bool from_document) {
  completion_.reset();
  // With the calls of the document, the user has decided to go on.
  if (!from_document && is_stuck(parts)) {
    give_all(parts);
    if (ended_) return;
    return fail({ErrorCode::kStepLimit,
                 "Complete the chat again to go on: the model has made the same call three times "
                 "in a row."});
  }
  runner_ = std::make_unique<StepRunner>(
      StepRunner::Parts{
          parts_.loop, parts_.tools, [this](const AnswerPart& part) { give(part); },
          [this] { show_tools(); },
          [this](std::optional<toolbox::Question> question) { take_step(std::move(question)); }},
      std::move(parts), context(from_document));
  runner_->start();
}

/// Goes on after a step, or ends because the user does not allow what a call needs.
void Answer::Impl::take_step(std::optional<toolbox::Question> question) {
  post([this, question = std::move(question)] {
    const auto rest = runner_->cancel();
    runner_.reset();
    parts_.sink.on_expect({});
    give_all(rest);
    if (ended_) return;
    question ? end_at(*question) : send_next();
  });
}

/// Whether the model makes the same calls in step after step, so that nothing new can come of it.
bool Answer::Impl::is_stuck(const std::vector<AnswerPart>& parts) {
  std::string calls;
  for (const AnswerPart& part : parts) {
    if (part.kind != AnswerPart::Kind::kCall) continue;
    calls.append(part.call.tool).append("\n").append(part.call.arguments).append("\n");
  }
  equal_steps_ = calls == last_calls_ ? equal_steps_ + 1 : 1;
  last_calls_ = std::move(calls);
  return equal_steps_ >= kMostEqual;
}

void Answer::Impl::give(const AnswerPart& part) {
  transcript_->add(part);
  parts_.sink.on_part(part);
}

void Answer::Impl::give_all(const std::vector<AnswerPart>& parts) {
  for (const AnswerPart& part : parts) give(part);
}

/// Reports what runs, and what is kept if this program ends now.
void Answer::Impl::show_tools() {
  if (ended_) return;
  if (runner_) parts_.sink.on_expect(runner_->rest());
  const auto running = runner_ ? runner_->running() : std::vector<std::string>();
  const Phase phase = questions_.is_asking() ? Phase::kAsking
                      : runner_              ? Phase::kRunning
                                             : Phase::kStarting;
  parts_.sink.on_tools(running);
  parts_.sink.on_phase(phase, reasoning_before_);
}

void Answer::Impl::stop() {
  if (ended_) return;
  if (runner_) {
    const auto rest = runner_->cancel();
    runner_.reset();
    parts_.sink.on_expect({});
    give_all(rest);
  } else if (!open_.empty()) {
    give_all(std::exchange(open_, {}));
  } else if (completion_) {
    return completion_->stop();
  }
  end(new_outcome(Outcome::Kind::kStopped));
}

/// Ends because nobody could be asked.
void Answer::Impl::end_at(const toolbox::Question& question) {
  Outcome outcome = new_outcome(Outcome::Kind::kError);
  outcome.notice = {ErrorCode::kToolConsent, toolbox::sentence_of(question)};
  outcome.question = question;
  end(std::move(outcome));
}

void Answer::Impl::fail(Error error) {
  Outcome outcome = new_outcome(Outcome::Kind::kError);
  outcome.notice = std::move(error);
  end(std::move(outcome));
}

Outcome Answer::Impl::new_outcome(Outcome::Kind kind) const {
  Outcome outcome;
  outcome.kind = kind;
  return outcome;
}

/// Adds a notice to a complete answer that does not fit the chat's schema.
void Answer::Impl::check_schema(Outcome& outcome) const {
  if (!chat_.schema || outcome.kind != Outcome::Kind::kDone || outcome.notice) return;
  outcome.notice = schema_notice(*chat_.schema, last_text_);
}

void Answer::Impl::end(Outcome outcome) {
  if (std::exchange(ended_, true)) return;
  check_schema(outcome);
  questions_.clear();
  listing_.reset();
  if (const std::string notes = footnotes_.definitions(); !notes.empty()) {
    parts_.sink.on_answer(notes);
  }
  outcome.usage = usage_;
  outcome.first_input = first_input_;
  outcome.price = price_;
  outcome.time = loop::unix_time();
  outcome.seconds = seconds_since(started_);
  outcome.seconds_to_text = seconds_to_text_;
  outcome.requests = requests_;
  parts_.sink.on_outcome(outcome);
}

toolbox::CallContext Answer::Impl::context(bool from_document) {
  return {chat_, origin_, permissions_, from_document,
          [this](const toolbox::Question& question, std::function<void(toolbox::Decision)> reply) {
            questions_.add(question, std::move(reply));
          }};
}

/// Does something from the loop, unless the answer has ended or is gone by then.
template <class Work>
void Answer::Impl::post(Work work) {
  parts_.loop.post([this, still = weak(), work = std::move(work)]() mutable {
    if (!still.expired() && !ended_) work();
  });
}

Answer::Answer(Parts parts, chat::Plan plan, chat::Chat chat, chat::Origin origin,
               toolbox::Permissions permissions)
    : impl_(std::make_unique<Impl>(parts, std::move(plan), std::move(chat), std::move(origin),
                                   std::move(permissions))) {}
Answer::~Answer() = default;
void Answer::start() { impl_->start(); }
void Answer::stop() { impl_->stop(); }

}  // namespace chatvim::completion
