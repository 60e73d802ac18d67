// SPDX-License-Identifier: Apache-2.0
#include "sinks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "chatvim/document/format.hpp"
#include "chatvim/editor/describe.hpp"
#include "chatvim/loop/system.hpp"
#include "chatvim/text/utf8.hpp"
#include "output.hpp"

namespace chatvim::cli {

namespace {

/// Returns the text without the line breaks at its start.
std::string_view without_line_breaks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
  return text;
}

}  // namespace

void OutcomeSink::on_phase(completion::Phase phase, std::size_t reasoning_characters) {
  if (progress_ == nullptr) return;
  // The line would be drawn over the question.
  if (phase == completion::Phase::kAsking && asker_) return progress_->wipe();
  progress_->show(phase, reasoning_characters);
}

void OutcomeSink::on_answer(std::string_view text) {
  // Models separate reasoning from the answer with blank lines, which are meaningless if the
  // reasoning is not shown.
  if (after_reasoning_) text = without_line_breaks(text);
  if (text.empty()) return;
  after_reasoning_ = false;
  has_answer_ = true;
  take_answer(text);
}

void OutcomeSink::on_reasoning(std::string_view text) {
  after_reasoning_ = !has_answer_;
  take_reasoning(text);
}

void OutcomeSink::on_part(const document::AnswerPart& part) {
  part.kind == document::AnswerPart::Kind::kText ? on_answer(part.text) : take_part(part);
}

void OutcomeSink::on_tools(std::span<const std::string> running) {
  if (progress_ != nullptr) progress_->set_tools(running);
}

void OutcomeSink::on_question(const toolbox::Question& question,
                              std::function<void(toolbox::Decision)> reply) {
  if (!asker_) return AnswerSink::on_question(question, std::move(reply));
  if (progress_ != nullptr) progress_->wipe();
  end_line();
  asker_(question, std::move(reply));
}

void OutcomeSink::send(const std::function<Result<void>()>& output) {
  if (progress_ != nullptr) progress_->wipe();
  if (output_error_ || is_muted_) return;
  const auto written = output();
  if (written) return;
  output_error_ = written.error();
  if (on_output_error_) on_output_error_();
}

void OutcomeSink::write(std::string_view text) {
  send([text] { return write_out(text); });
}

void OutcomeSink::print_text(std::string_view text) {
  if (text.empty()) return;
  at_line_start_ = text.back() == '\n';
  if (!colorizer_) return write(text);
  send([&] { return write_out_colored(colorizer_->feed(text::harmless(text))); });
}

void OutcomeSink::end_line() {
  if (colorizer_) send([&] { return write_out_colored(colorizer_->finish()); });
  if (!std::exchange(at_line_start_, true)) write("\n");
}

void OutcomeSink::interject(std::string_view message) {
  if (progress_ != nullptr) progress_->wipe();
  if (loop::is_terminal(loop::standard_output())) end_line();
  say(message);
}

void OutcomeSink::on_retry(const completion::Retry& retry) {
  if (progress_ != nullptr) progress_->wipe();
  say(fmt::format("{} Sending it again in {:.1f} s ({} of {}).", retry.reason.message,
                  retry.seconds, retry.attempt, retry.most));
}

void OutcomeSink::on_outcome(const completion::Outcome& outcome) {
  outcome_ = outcome;
  if (progress_ != nullptr) progress_->wipe();
  finish(outcome);
  on_ended_();
}

PrintingSink::PrintingSink(std::function<void()> on_ended, Style style,
                           std::optional<document::ReplyWriter> writer,
                           completion::AnswerEnding ending)
    : OutcomeSink(std::move(on_ended)),
      style_(style),
      writer_(std::move(writer)),
      ending_(std::move(ending)) {}

void PrintingSink::take_answer(std::string_view text) {
  if (writer_) return print(writer_->answer(text).text);
  if (new_paragraph_) text = without_line_breaks(text);
  if (text.empty()) return;
  if (std::exchange(new_paragraph_, false)) print("\n\n");
  any_text_ = true;
  print(text);
}

void PrintingSink::take_part(const document::AnswerPart& part) {
  if (writer_) return print(writer_->part(part).text);
  new_paragraph_ = any_text_;
}

void PrintingSink::finish(const completion::Outcome& outcome) {
  if (writer_) print(writer_->finish(ending_.end(outcome)).text);
  if (style_ == Style::kText) end_line();
}

void PrintingSink::print(std::string_view text) {
  if (style_ == Style::kText) return print_text(text);
  if (!text.empty()) write(Json{{"chunk", text}}.dump() + "\n");
}

JsonSink::JsonSink(std::function<void()> on_ended, std::string provider, std::string model)
    : OutcomeSink(std::move(on_ended)), provider_(std::move(provider)), model_(std::move(model)) {}

void JsonSink::take_answer(std::string_view text) {
  if (new_paragraph_) text = without_line_breaks(text);
  if (text.empty()) return;
  if (std::exchange(new_paragraph_, false)) text_ += "\n\n";
  text_ += text;
}

void JsonSink::take_part(const document::AnswerPart& part) {
  new_paragraph_ = !text_.empty();
  if (part.kind == document::AnswerPart::Kind::kCall) calls_.push_back(part);
}

bool JsonSink::on_text_was_reasoning() {
  reasoning_ += std::exchange(text_, "");
  return true;
}

void JsonSink::finish(const completion::Outcome& outcome) {
  Json object = {
      {"provider", provider_}, {"model", model_}, {"text", text_}, {"reasoning", reasoning_}};
  for (const auto& call : calls_) object["calls"].push_back(editor::describe_part(call));
  object.update(editor::describe_outcome(outcome));
  write(object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

FileSink::FileSink(std::function<void()> on_ended, ChatFile& file, document::ReplyWriter writer,
                   completion::AnswerEnding ending, bool keep_reasoning, Echo echo,
                   std::string lead)
    : OutcomeSink(std::move(on_ended)),
      file_(file),
      writer_(std::move(writer)),
      ending_(std::move(ending)),
      keep_reasoning_(keep_reasoning),
      echo_(echo),
      lead_(std::move(lead)) {}

void FileSink::take_answer(std::string_view text) {
  append(writer_.answer(text));
  if (echo_ == Echo::kNo) return;
  if (after_call_) text = without_line_breaks(text);
  if (text.empty()) return;
  if (std::exchange(after_call_, false)) print_text("\n");
  any_text_ = true;
  print_text(text);
}

void FileSink::take_part(const document::AnswerPart& part) {
  const document::Piece piece = writer_.part(part);
  append(piece);
  const std::size_t call = piece.text.find(document::kCallBeginning);
  if (!prints_calls_ || call == std::string::npos) return;
  end_line();
  print_text((after_call_ || any_text_ ? "\n" : "") + piece.text.substr(call) + "\n");
  after_call_ = true;
}

void FileSink::take_reasoning(std::string_view text) {
  if (keep_reasoning_) append(writer_.reasoning(text));
}

void FileSink::finish(const completion::Outcome& outcome) {
  append(writer_.finish(ending_.end(outcome)));
  if (echo_ == Echo::kYes) end_line();
}

/// Keeps calls that run in the file, so that they are there if this program is killed.
void FileSink::on_expect(const std::vector<document::AnswerPart>& parts) {
  writer_.expect(parts);
  if (lost_ || parts.empty()) return;
  const auto written = file_.append_draft(lead_ + writer_.ending().text);
  if (!written) lose(written.error());
}

void FileSink::append(const document::Piece& piece) {
  if (piece.text.empty()) return;
  const std::string text = std::exchange(lead_, "") + piece.text;
  answer_ += text;
  if (lost_) return print_lost(text);
  const auto written = file_.append(text);
  if (!written) lose(written.error());
}

void FileSink::lose(const Error& error) {
  lost_ = true;
  interject(fmt::format("{} The {} on standard output.", error.message,
                        echo_ == Echo::kYes ? "rest of the answer is only" : "answer follows"));
  print_lost(answer_);
}

/// Prints what the file should have had, unless the answer is printed anyway.
void FileSink::print_lost(std::string_view text) {
  if (echo_ == Echo::kNo) write(text);
}

}  // namespace chatvim::cli
