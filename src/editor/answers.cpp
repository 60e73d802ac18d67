// SPDX-License-Identifier: Apache-2.0
#include "answers.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "chatvim/document/restore.hpp"
#include "recovery.hpp"

namespace chatvim::editor {

namespace {

/// Where an answer goes, as the fields of `place`.
Json describe_place(std::int64_t id, const document::Place& place) {
  return {{"id", id},
          {"row", place.row},
          {"column", place.column},
          {"end_row", place.end_row},
          {"end_column", place.end_column},
          {"delimiter_below", place.delimiter_below}};
}

}  // namespace

void Answers::complete(const Message& message) {
  const auto mode = message.mode();
  if (!mode) return parts_.lua.send_failed(mode.error());
  auto sent = parts_.chats.read(message);
  const auto id = sent.id;
  auto plan = parts_.chats.plan(sent, *mode, chat::Purpose::kSend);
  if (!plan) {
    Json ended = describe_error(plan.error().error);
    ended.update(chat::describe_details(plan.error()));
    ended["id"] = id;
    ended["outcome"] = "error";
    return parts_.lua.send("ended", ended);
  }
  auto& chat = *sent.reading.chat;
  if (chat.place) parts_.lua.send("place", describe_place(id, *chat.place));
  const auto unsaved = message.number("unsaved_answer");
  const auto from = journals_.find_question(unsaved, message.text("text"));
  EditorAnswer::Parts parts{
      parts_.loop,
      parts_.client,
      parts_.keys,
      parts_.environment,
      parts_.calibration,
      parts_.tools,
      message.flag("asks"),
      [this](const std::string& name, const Json& map) { parts_.lua.send(name, map); },
      [this, id, before = from ? unsaved : 0](std::unique_ptr<store::Journal> journal) {
        if (journal) journals_.add(id, before, std::move(journal));
        forget(id);
      },
      learner(*plan, message.text("file"))};
  auto kept = journal_for(message, sent, from);
  auto& answer = answers_[id];
  answer = std::make_unique<EditorAnswer>(std::move(parts), id, std::move(*plan), std::move(chat),
                                          std::move(sent.origin));
  if (kept) answer->keep(std::move(*kept));
  answer->start();
}

std::function<void(const completion::Outcome&)> Answers::learner(const chat::Plan& plan,
                                                                 const std::string& file) {
  return [this, file, name = plan.provider.name + "/" + plan.model,
          raw = plan.raw_tokens](const completion::Outcome& outcome) {
    // Without an estimate there is nothing to compare with.
    if (raw) parts_.calibration.learn(name, *raw, outcome.first_input.value_or(0));
    parts_.on_refused(file, outcome.refused);
  };
}

std::optional<EditorAnswer::Kept> Answers::journal_for(const Message& message, const SentChat& sent,
                                                       std::optional<std::size_t> from) {
  const std::string path = message.text("journal");
  if (path.empty()) return std::nullopt;
  const auto& chat = *sent.reading.chat;
  return EditorAnswer::Kept{
      path,
      {message.text("file"), chat.format,
       chat.place ? document::read_lead(sent.lines, chat.format, *chat.place, from)
                  : document::read_lead(sent.lines, chat.format, from)},
      [this, path](const std::string& why) { report_unwritable(path, why); }};
}

void Answers::report_unwritable(const std::string& path, const std::string& why) {
  const Error error{
      ErrorCode::kUnwritableJournal,
      fmt::format("The journal {} cannot be written: {}; an answer that a crash cuts off cannot be "
                  "put back.",
                  path, why)};
  if (std::exchange(reported_unwritable_, true)) return parts_.lua.log(error.message);
  parts_.lua.send_failed(error);
}

EditorAnswer* Answers::find(const Message& message) {
  const auto found = answers_.find(message.number("id"));
  return found == answers_.end() ? nullptr : found->second.get();
}

void Answers::stop(const Message& message) {
  if (auto* answer = find(message)) answer->stop();
}

void Answers::decide(const Message& message) {
  auto* answer = find(message);
  if (!answer) return;
  const auto kind = toolbox::decision_of(message.text("decision"));
  if (!kind) {
    return parts_.lua.send_failed(
        {ErrorCode::kBadMessage, "the field decision must be the name of a decision"});
  }
  toolbox::Decision decision{*kind, message.text("reason")};
  if (message.has("content")) decision.text = message.text("content");
  answer->decide(message.number("number"), std::move(decision));
}

void Answers::acknowledge(const Message& message) {
  if (auto* answer = find(message)) {
    answer->acknowledge(static_cast<std::uint64_t>(message.number("sequence")));
  }
}

void Answers::cancel(const Message& message) {
  auto* answer = find(message);
  if (!answer) return;
  const auto id = message.number("id");
  if (!message.flag("keep")) {
    answer->discard_journal();
  } else if (auto journal = answer->take_journal(); journal && message.flag("hold")) {
    journals_.add(id, id, std::move(journal));
  }
  answers_.erase(id);
}

void Answers::move_journal(const Message& message) {
  const std::string& journal = message.text("journal");
  const bool named = !message.text("file").empty();
  if (auto* answer = find(message)) answer->move_journal(journal, named);
  if (auto* kept = journals_.find(message.number("id"))) kept->move(journal, named);
}

void Answers::recoverable(const Message& message) { ask_journal(message, offer_journal); }

void Answers::recover(const Message& message) { ask_journal(message, recover_journal); }

void Answers::ask_journal(const Message& message, JournalQuestion question) {
  const std::string& journal = message.text("journal");
  journals_.release(journal);
  parts_.lua.send_result(message.number("id"), question(journal, message.text("text")));
}

void Answers::discard(const Message& message) {
  if (message.has("id")) {
    journals_.discard(message.number("id"));
    return parts_.lua.send("discarded", {{"id", message.number("id")}});
  }
  const std::string& path = message.text("journal");
  if (!path.empty()) return discard_journal(path);
  parts_.lua.send_failed({ErrorCode::kBadMessage, "discard needs the field id or journal"});
}

void Answers::release(const Message& message) { journals_.release(message.number("id")); }

void Answers::undone(const Message& message) {
  if (auto* journal = journals_.find(message.number("id"))) {
    journal->offer(!message.flag("undone"));
  }
}

void Answers::forget(std::int64_t id) {
  parts_.loop.post([this, id] {
    answers_.erase(id);
    parts_.on_ended();
  });
}

}  // namespace chatvim::editor
