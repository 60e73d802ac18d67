// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chat_file.hpp"
#include "chatvim/completion/answer_end.hpp"
#include "chatvim/completion/sink.hpp"
#include "chatvim/document/writer.hpp"
#include "chatvim/error.hpp"
#include "chatvim/markdown/color.hpp"
#include "chatvim/toolbox/question.hpp"
#include "progress.hpp"

namespace chatvim::cli {

/// Base of the command line's sinks: stores the outcome and ends the loop.
class OutcomeSink : public completion::AnswerSink {
 public:
  explicit OutcomeSink(std::function<void()> on_ended) : on_ended_(std::move(on_ended)) {}
  void on_phase(completion::Phase phase, std::size_t reasoning_characters) override;
  void on_retry(const completion::Retry& retry) override;
  void on_answer(std::string_view text) final;
  void on_reasoning(std::string_view text) final;
  void on_part(const document::AnswerPart& part) final;
  void on_expect(const std::vector<document::AnswerPart>&) override {}
  void on_tools(std::span<const std::string> running) override;
  void on_outcome(const completion::Outcome& outcome) override;
  const completion::Outcome& outcome() const { return *outcome_; }
  /// Returns false if the answer could not be written to its file.
  virtual bool delivered() const { return true; }
  /// Returns why standard output cannot be written, if so. The rest of the answer is not needed
  /// then.
  const std::optional<Error>& output_error() const { return output_error_; }
  /// Shows the phases in `progress` until text is printed.
  void show_progress(Progress& progress) { progress_ = &progress; }
  /// Colors the text of the answer, as markdown.
  void color_output() { colorizer_.emplace(); }
  /// Sets who asks the user what a tool needs. The loop goes on meanwhile.
  void ask_with(toolbox::Asker asker) { asker_ = std::move(asker); }
  void on_question(const toolbox::Question& question,
                   std::function<void(toolbox::Decision)> reply) override;
  /// Prints nothing more from now on.
  void end_output() { is_muted_ = true; }
  /// Sets a callback that is called once when standard output cannot be written.
  void when_output_fails(std::function<void()> callback) { on_output_error_ = std::move(callback); }

 protected:
  void write(std::string_view text);
  /// Prints text of an answer. `end_line` adds a line break if the last line lacks one.
  void print_text(std::string_view text);
  void end_line();
  /// Reports on standard error, on the terminal on a line of its own amid the text of an answer.
  void interject(std::string_view message);
  /// Takes a piece of the answer, which is never empty.
  virtual void take_answer(std::string_view text) = 0;
  virtual void take_reasoning(std::string_view) {}
  /// Takes a call or a state. Text after it is a new paragraph.
  virtual void take_part(const document::AnswerPart& part) = 0;
  /// Called before the loop ends.
  virtual void finish(const completion::Outcome& outcome) = 0;

 private:
  std::function<void()> on_ended_;
  std::function<void()> on_output_error_;
  std::optional<Error> output_error_;
  std::optional<completion::Outcome> outcome_;
  void send(const std::function<Result<void>()>& output);

  std::optional<markdown::Colorizer> colorizer_;
  toolbox::Asker asker_;
  Progress* progress_ = nullptr;
  bool is_muted_ = false;
  bool has_answer_ = false;
  bool after_reasoning_ = false;  ///< reasoning has arrived, but no text of the answer yet
  bool at_line_start_ = true;
};

/// How an answer is printed on standard output.
enum class Style { kText, kChunks };

/// Prints the answer as it arrives; with a writer, also the delimiters around it.
class PrintingSink final : public OutcomeSink {
 public:
  /// `ending` makes what the writer adds below the answer.
  PrintingSink(std::function<void()> on_ended, Style style,
               std::optional<document::ReplyWriter> writer, completion::AnswerEnding ending);

 private:
  void take_answer(std::string_view text) override;
  void take_part(const document::AnswerPart& part) override;
  void finish(const completion::Outcome& outcome) override;
  void print(std::string_view text);

  Style style_;
  bool any_text_ = false;
  bool new_paragraph_ = false;  ///< a blank line is due before more text
  std::optional<document::ReplyWriter> writer_;
  completion::AnswerEnding ending_;
};

/// Collects the answer and prints one JSON object at the end.
class JsonSink final : public OutcomeSink {
 public:
  JsonSink(std::function<void()> on_ended, std::string provider, std::string model);
  bool on_text_was_reasoning() override;

 private:
  void take_answer(std::string_view text) override;
  void take_reasoning(std::string_view text) override { reasoning_ += text; }
  void take_part(const document::AnswerPart& part) override;
  void finish(const completion::Outcome& outcome) override;

  std::string provider_;
  std::string model_;
  std::string text_;
  std::string reasoning_;
  bool new_paragraph_ = false;  ///< a blank line is due before more text
  std::vector<document::AnswerPart> calls_;
};

/// Appends the answer to a file as the editor does to a buffer. If another program changes the file
/// meanwhile, nothing is overwritten, and what has not been printed goes to standard output.
class FileSink final : public OutcomeSink {
 public:
  /// Whether to print the answer on standard output too.
  enum class Echo { kNo, kYes };
  /// `lead` is written before the reply, together with its first text.
  FileSink(std::function<void()> on_ended, ChatFile& file, document::ReplyWriter writer,
           completion::AnswerEnding ending, bool keep_reasoning, Echo echo, std::string lead = "");
  bool delivered() const override { return !lost_; }
  void on_expect(const std::vector<document::AnswerPart>& parts) override;
  /// Prints calls of tools too, as they stand in the file.
  void print_calls() { prints_calls_ = true; }

 private:
  void take_answer(std::string_view text) override;
  void take_reasoning(std::string_view text) override;
  void take_part(const document::AnswerPart& part) override;
  void finish(const completion::Outcome& outcome) override;
  void append(const document::Piece& piece);
  void lose(const Error& error);
  void print_lost(std::string_view text);

  ChatFile& file_;
  document::ReplyWriter writer_;
  completion::AnswerEnding ending_;
  bool keep_reasoning_;
  bool prints_calls_ = false;
  bool any_text_ = false;
  bool after_call_ = false;  ///< a call was printed, and no text since
  Echo echo_;
  std::string lead_;
  bool lost_ = false;  ///< the file cannot be written any more
  std::string answer_;
};

}  // namespace chatvim::cli
