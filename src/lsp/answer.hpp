// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "chatvim/completion/answer.hpp"
#include "chatvim/completion/answer_end.hpp"
#include "chatvim/document/writer.hpp"
#include "stream.hpp"

namespace chatvim::lsp {

/// One answer that is written into a document, with its progress (LSP 3.17, "Work Done Progress").
class Answer final : private completion::AnswerSink {
 public:
  struct Parts {
    Stream::Parts stream;  ///< its `on_done` is set here
    http::Client& http;
    store::KeyRing& keys;
    const Environment& environment;
    store::Calibration& calibration;
    toolbox::Toolbox& tools;
    std::string progress_token;
    /// Called once at the end; the answer may then be destroyed, from the loop.
    std::function<void(const completion::Outcome&)> on_ended;
  };

  Answer(loop::Loop& loop, Parts parts, chat::Plan plan, chat::Chat chat, chat::Origin origin,
         Range range);

  void start();
  /// Ends the answer with what has arrived. If the client does not answer, it ends without the
  /// rest.
  void stop();
  /// Whether nothing more comes from the server; the rest may still be on its way to the document.
  bool is_ending() const { return ending_; }
  /// Tells the user that the answer has nowhere to go. It must be destroyed next.
  void abandon();
  void note(const Edit& edit) { stream_.note(edit); }
  void resume() { stream_.resume(); }
  const std::string& progress_token() const { return token_; }

 private:
  void on_phase(completion::Phase phase, std::size_t reasoning_characters) override;
  void on_retry(const completion::Retry& retry) override;
  void on_answer(std::string_view text) override;
  void on_reasoning(std::string_view text) override;
  void on_outcome(const completion::Outcome& outcome) override;
  void on_part(const document::AnswerPart& part) override;
  void on_expect(const std::vector<document::AnswerPart>& parts) override { writer_.expect(parts); }
  void on_tools(std::span<const std::string> running) override;
  void on_question(const toolbox::Question& question,
                   std::function<void(toolbox::Decision)> reply) override;
  void report(Json value);
  void end(const std::string& problem);

  Client& client_;
  std::string token_;
  bool shows_progress_ = false;  ///< the client has created the progress
  bool ending_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::function<void(const completion::Outcome&)> on_ended_;
  std::string model_;
  bool keeps_reasoning_;
  completion::AnswerEnding end_;
  document::ReplyWriter writer_;
  Stream stream_;
  completion::Outcome outcome_;
  completion::Phase phase_ = completion::Phase::kKey;
  completion::Answer answer_;
};

}  // namespace chatvim::lsp
