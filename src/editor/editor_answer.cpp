// SPDX-License-Identifier: Apache-2.0
#include "editor_answer.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace chatvim::editor {

namespace {

/// Progress is only for display, so four updates a second are enough.
constexpr std::chrono::milliseconds kProgressInterval{250};

/// Returns the reason for a retry, short enough for a progress line.
std::string_view short_reason(ErrorCode code) {
  switch (code) {
    case ErrorCode::kRateLimit:
      return "rate limit";
    case ErrorCode::kOverloaded:
      return "overloaded";
    case ErrorCode::kTimeout:
      return "the server timed out";
    case ErrorCode::kLost:
    case ErrorCode::kTruncated:
      return "connection lost";
    default:
      return "server error";
  }
}

Json lines_of(const std::string& text) {
  Json lines = Json::array();
  std::size_t start = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  lines.push_back(text.substr(start));
  return lines;
}

/// Returns the lines that end an answer; empty if nothing is to be added.
Json closing_lines(const std::string& closing) {
  return closing.empty() ? Json::array() : lines_of(closing);
}

document::ReplyWriter writer_for(const chat::Chat& chat) {
  return chat.place ? document::ReplyWriter(chat.format, *chat.place)
                    : document::ReplyWriter(chat.format, chat.tail);
}

}  // namespace

EditorAnswer::EditorAnswer(Parts parts, std::int64_t id, chat::Plan plan, chat::Chat chat,
                           chat::Origin origin)
    : parts_(std::move(parts)),
      id_(id),
      provider_(plan.provider.name),
      model_(plan.model),
      keep_reasoning_(chat.settings.string("reasoning") == "keep"),
      end_(chat, plan),
      writer_(writer_for(chat)),
      delimiter_below_(chat.place && chat.place->delimiter_below
                           ? document::write_user_delimiter(chat.format)
                           : ""),
      flow_(
          parts_.loop,
          [this](std::uint64_t sequence, const document::Piece& piece) {
            send_update(sequence, piece);
          },
          [this] { send_ended(); }),
      progress_timer_(parts_.loop,
                      [this] {
                        if (progress_due_) send_progress();
                      }),
      answer_({parts_.loop, parts_.client, parts_.keys, parts_.environment, &parts_.calibration,
               parts_.tools, *this},
              std::move(plan), std::move(chat), std::move(origin), {}) {}

void EditorAnswer::keep(Kept kept) {
  journal_ = std::make_unique<store::Journal>(
      store::Journal::Parts{parts_.loop, [this] { return journal_ending(); },
                            std::move(kept.on_failure)},
      std::move(kept.path), kept.header);
}

std::string EditorAnswer::journal_ending() const {
  std::string ending = outcome_ ? ending_ : writer_.ending().text;
  return writer_.started() || !ending.empty() ? ending + delimiter_below_ : ending;
}

void EditorAnswer::discard_journal() {
  if (journal_) journal_->remove();
}

std::unique_ptr<store::Journal> EditorAnswer::take_journal() {
  if (journal_) journal_->seal();
  return std::move(journal_);
}

void EditorAnswer::move_journal(const std::string& path, bool named) {
  if (journal_) journal_->move(path, named);
}

void EditorAnswer::on_phase(completion::Phase phase, std::size_t reasoning_characters) {
  const bool new_phase = phase != phase_;
  // The key has been found, so the request is being sent.
  if (phase != completion::Phase::kKey && !announced_) {
    announced_ = true;
    Json map = {{"id", id_}, {"provider", provider_}, {"model", model_}};
    closing_ = writer_.closing();
    map["closing"] = closing_lines(closing_);
    parts_.tell("started", map);
  }
  phase_ = phase;
  reasoning_characters_ = reasoning_characters;
  // The update with the first text includes the phase, so no extra message delays that text.
  if (phase == completion::Phase::kWriting) return;
  // Lua keeps the calls that run, in case it has to end the answer by itself.
  const bool is_tool = phase == completion::Phase::kRunning || phase == completion::Phase::kAsking;
  if (new_phase && (is_tool || !progress_timer_.active())) {
    send_progress();
  } else {
    progress_due_ = true;
    if (!progress_timer_.active()) progress_timer_.start(kProgressInterval);
  }
}

void EditorAnswer::on_retry(const completion::Retry& retry) {
  phase_ = completion::Phase::kRetrying;
  progress_due_ = false;
  // Lua counts down the seconds itself.
  parts_.tell("progress", {{"id", id_},
                           {"phase", name_of(phase_)},
                           {"retry_in", retry.seconds},
                           {"attempt", retry.attempt},
                           {"attempts", retry.most},
                           {"reason", short_reason(retry.reason.code)}});
}

void EditorAnswer::on_answer(std::string_view text) { give_out(writer_.answer(text)); }

void EditorAnswer::on_reasoning(std::string_view text) {
  if (keep_reasoning_) give_out(writer_.reasoning(text));
}

void EditorAnswer::on_part(const document::AnswerPart& part) { give_out(writer_.part(part)); }

void EditorAnswer::on_expect(const std::vector<document::AnswerPart>& parts) {
  writer_.expect(parts);
  if (journal_ && !parts.empty()) journal_->save();
}

void EditorAnswer::on_tools(std::span<const std::string> running) {
  running_tools_.assign(running.begin(), running.end());
}

void EditorAnswer::on_question(const toolbox::Question& question,
                               std::function<void(toolbox::Decision)> reply) {
  // The text of a buffer is no question for a user, who may not be there.
  const bool is_for_user = question.kind != toolbox::Question::Kind::kBuffer;
  if (is_for_user && !parts_.can_ask) return reply({});
  reply_ = std::move(reply);
  // Neovim's own list of choices stops all drawing, so the progress comes first.
  send_progress();
  Json map = toolbox::describe_question(question);
  map["id"] = id_;
  map["number"] = ++question_number_;
  parts_.tell("question", map);
}

void EditorAnswer::decide(std::int64_t number, toolbox::Decision decision) {
  if (number != question_number_ || !reply_) return;
  if (decision.kind == toolbox::Decision::Kind::kStop) return stop();
  std::exchange(reply_, nullptr)(std::move(decision));
}

void EditorAnswer::give_out(document::Piece piece) {
  if (journal_) journal_->add(piece.text);
  flow_.add(std::move(piece));
}

void EditorAnswer::on_outcome(const completion::Outcome& outcome) {
  outcome_ = outcome;
  progress_timer_.stop();
  auto piece = writer_.finish(end_.end(outcome));
  ending_ = piece.text;
  if (journal_) journal_->finish();
  flow_.add(std::move(piece));
  flow_.finish();
}

void EditorAnswer::send_update(std::uint64_t sequence, const document::Piece& piece) {
  Json map = {{"id", id_},
              {"sequence", sequence},
              {"line_start", piece.at_line_start},
              {"phase", name_of(phase_)},
              {"lines", lines_of(piece.text)}};
  add_closing(map);
  parts_.tell("update", map);
}

/// Adds the lines that end the answer if this program dies, if they have changed.
void EditorAnswer::add_closing(Json& map) {
  std::string closing = writer_.closing();
  if (closing == closing_) return;
  closing_ = std::move(closing);
  map["closing"] = closing_lines(closing_);
}

void EditorAnswer::send_progress() {
  progress_due_ = false;
  Json map = {{"id", id_}, {"phase", name_of(phase_)}};
  if (phase_ == completion::Phase::kThinking) map["reasoning"] = reasoning_characters_;
  if (phase_ == completion::Phase::kRunning) map["tools"] = running_tools_;
  add_closing(map);
  parts_.tell("progress", map);
  progress_timer_.start(kProgressInterval);
}

void EditorAnswer::send_ended() {
  if (!writer_.started()) discard_journal();
  const bool kept = journal_ && writer_.started();
  Json map = describe_outcome(*outcome_);
  map["id"] = id_;
  map["kept"] = kept;
  map["provider"] = provider_;
  map["model"] = model_;
  parts_.tell("ended", map);
  // These wait for the disk, so they come after Neovim has been notified.
  auto journal = kept ? take_journal() : nullptr;
  if (parts_.on_outcome) parts_.on_outcome(*outcome_);
  parts_.on_ended(std::move(journal));
}

}  // namespace chatvim::editor
