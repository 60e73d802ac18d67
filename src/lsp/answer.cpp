// SPDX-License-Identifier: Apache-2.0
#include "answer.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

namespace chatvim::lsp {

namespace {

constexpr const char* kOnce = "Allow it once";
constexpr const char* kForAnswer = "Allow it for this answer";
constexpr const char* kAlways = "Allow it always";
constexpr const char* kRefuse = "Refuse";
constexpr const char* kStop = "Stop";

document::ReplyWriter writer_for(const chat::Chat& chat) {
  return chat.place ? document::ReplyWriter(chat.format, *chat.place)
                    : document::ReplyWriter(chat.format, chat.tail);
}

std::string_view describe(completion::Phase phase) {
  switch (phase) {
    case completion::Phase::kKey:
      return "looking up the key";
    case completion::Phase::kConnecting:
      return "connecting";
    case completion::Phase::kWaiting:
      return "waiting for the model";
    case completion::Phase::kThinking:
      return "the model is thinking";
    case completion::Phase::kWriting:
      return "the model is writing";
    case completion::Phase::kRetrying:
      return "trying again";
    case completion::Phase::kStarting:
      return "starting a server of tools";
    case completion::Phase::kRunning:
      return "running tools";
    case completion::Phase::kAsking:
      return "waiting for your decision";
  }
  return {};
}

}  // namespace

Answer::Answer(loop::Loop& loop, Parts parts, chat::Plan plan, chat::Chat chat, chat::Origin origin,
               Range range)
    : client_(parts.stream.client),
      token_(std::move(parts.progress_token)),
      on_ended_(std::move(parts.on_ended)),
      model_(plan.provider.name + "/" + plan.model),
      keeps_reasoning_(chat.settings.string("reasoning") == "keep"),
      end_(chat, plan),
      writer_(writer_for(chat)),
      stream_(
          [&] {
            Stream::Parts with = std::move(parts.stream);
            with.on_done = [this](const std::string& problem) { end(problem); };
            return with;
          }(),
          range),
      answer_(
          {loop, parts.http, parts.keys, parts.environment, &parts.calibration, parts.tools, *this},
          std::move(plan), std::move(chat), std::move(origin), {}) {}

void Answer::start() {
  if (client_.traits().reports_progress) {
    client_.request("window/workDoneProgress/create", {{"token", token_}},
                    [this, still = std::weak_ptr<bool>(alive_)](const Json&, const Json& problem) {
                      if (!still.lock() || !problem.is_null()) return;
                      shows_progress_ = true;
                      report({{"kind", "begin"},
                              {"title", "Chatvim"},
                              {"message", fmt::format("{}: {}", model_, describe(phase_))},
                              {"cancellable", true}});
                    });
  }
  answer_.start();
}

void Answer::stop() {
  ending_ = true;
  answer_.stop();
  stream_.hurry();
}

void Answer::abandon() {
  report({{"kind", "end"}});
  client_.show(Client::kWarning, "The answer was cut off: its document was closed.");
}

void Answer::report(Json value) {
  if (!shows_progress_) return;
  client_.notify("$/progress", {{"token", token_}, {"value", std::move(value)}});
}

void Answer::on_phase(completion::Phase phase, std::size_t) {
  if (std::exchange(phase_, phase) == phase) return;
  report({{"kind", "report"}, {"message", fmt::format("{}: {}", model_, describe(phase))}});
}

void Answer::on_retry(const completion::Retry& retry) {
  report({{"kind", "report"},
          {"message", fmt::format("{}: attempt {} of {} in {:.0f} s", model_, retry.attempt,
                                  retry.most, retry.seconds)}});
}

void Answer::on_answer(std::string_view text) { stream_.add(writer_.answer(text)); }

void Answer::on_reasoning(std::string_view text) {
  if (keeps_reasoning_) stream_.add(writer_.reasoning(text));
}

void Answer::on_part(const document::AnswerPart& part) { stream_.add(writer_.part(part)); }

void Answer::on_tools(std::span<const std::string> running) {
  if (running.empty()) return;
  std::string names;
  for (const std::string& name : running) names += (names.empty() ? "" : ", ") + name;
  report({{"kind", "report"}, {"message", fmt::format("{}: running {}", model_, names)}});
}

void Answer::on_question(const toolbox::Question& question,
                         std::function<void(toolbox::Decision)> reply) {
  using Kind = toolbox::Decision::Kind;
  // The texts of open documents are known from the start.
  if (question.kind == toolbox::Question::Kind::kBuffer) return reply({Kind::kRefuse});
  std::vector<std::string> titles = {kOnce, kForAnswer};
  if (question.can_remember) titles.emplace_back(kAlways);
  titles.insert(titles.end(), {kRefuse, kStop});
  client_.choose(Client::kWarning, toolbox::describe_at_length(question), titles,
                 [this, still = std::weak_ptr<bool>(alive_),
                  reply = std::move(reply)](const std::string& title) {
                   if (!still.lock()) return;
                   if (title == kOnce) return reply({Kind::kOnce});
                   if (title == kForAnswer) return reply({Kind::kAnswer});
                   if (title == kAlways) return reply({Kind::kAlways});
                   if (title == kRefuse) return reply({Kind::kRefuse});
                   stop();
                 });
}

void Answer::on_outcome(const completion::Outcome& outcome) {
  ending_ = true;
  outcome_ = outcome;
  stream_.add(writer_.finish(end_.end(outcome)));
  stream_.finish();
}

void Answer::end(const std::string& problem) {
  answer_.stop();
  report({{"kind", "end"}});
  if (!problem.empty()) {
    client_.show(Client::kError, fmt::format("The answer is incomplete: {}.", problem));
  } else if (outcome_.notice) {
    const Level level = level_of(outcome_.notice->code);
    const int type = level == Level::kError  ? Client::kError
                     : level == Level::kWarn ? Client::kWarning
                                             : Client::kInformation;
    client_.show(type, outcome_.notice->message);
  }
  on_ended_(outcome_);
}

}  // namespace chatvim::lsp
