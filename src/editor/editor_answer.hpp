// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "chatvim/completion/answer.hpp"
#include "chatvim/completion/answer_end.hpp"
#include "chatvim/document/writer.hpp"
#include "chatvim/editor/describe.hpp"
#include "chatvim/json.hpp"
#include "chatvim/loop/loop.hpp"
#include "chatvim/store/journal.hpp"
#include "flow.hpp"

namespace chatvim::editor {

/// One answer being written to a buffer: the completion's text goes through the document's writer
/// and the flow control to Lua. `ended` is sent when Lua has acknowledged everything. Owned by the
/// service.
class EditorAnswer final : private completion::AnswerSink {
 public:
  /// Where the answer's text is kept in case of a crash.
  struct Kept {
    std::string path;
    store::JournalHeader header;
    std::function<void(const std::string& why)> on_failure;
  };
  struct Parts {
    loop::Loop& loop;
    http::Client& client;
    store::KeyRing& keys;
    const Environment& environment;
    store::Calibration& calibration;
    toolbox::Toolbox& tools;
    bool can_ask = false;  ///< Lua can ask the user
    std::function<void(const std::string& name, const Json& map)> tell;
    /// Called once, with the journal if the answer has text; the journal must be kept until the
    /// chat's file is saved. The answer may then be destroyed, from the loop.
    std::function<void(std::unique_ptr<store::Journal>)> on_ended;
    /// Called before `on_ended`; may be empty.
    std::function<void(const completion::Outcome& outcome)> on_outcome = {};
  };

  EditorAnswer(Parts parts, std::int64_t id, chat::Plan plan, chat::Chat chat, chat::Origin origin);

  void start() { answer_.start(); }
  void stop() { answer_.stop(); }
  /// Takes the user's decision about the question with this number.
  void decide(std::int64_t number, toolbox::Decision decision);
  void keep(Kept kept);
  /// Removes the journal: there is nothing left to recover.
  void discard_journal();
  /// Hands over the journal, which outlives the answer; null if there is none.
  std::unique_ptr<store::Journal> take_journal();
  /// Moves the journal because the chat has another file.
  void move_journal(const std::string& path, bool named);
  void acknowledge(std::uint64_t sequence) { flow_.acknowledge(sequence); }

 private:
  void on_phase(completion::Phase phase, std::size_t reasoning_characters) override;
  void on_retry(const completion::Retry& retry) override;
  void on_answer(std::string_view text) override;
  void on_reasoning(std::string_view text) override;
  void on_outcome(const completion::Outcome& outcome) override;
  void on_part(const document::AnswerPart& part) override;
  void on_expect(const std::vector<document::AnswerPart>& parts) override;
  void on_tools(std::span<const std::string> running) override;
  void on_question(const toolbox::Question& question,
                   std::function<void(toolbox::Decision)> reply) override;
  void give_out(document::Piece piece);
  std::string journal_ending() const;
  void add_closing(Json& map);
  void send_update(std::uint64_t sequence, const document::Piece& piece);
  void send_progress();
  void send_ended();

  Parts parts_;
  std::int64_t id_;
  std::string provider_;
  std::string model_;
  std::string closing_;  ///< the text last sent to Lua for ending the answer if this program dies
  bool keep_reasoning_;
  completion::AnswerEnding end_;
  document::ReplyWriter writer_;
  std::string ending_;  ///< text that the writer added at the end
  /// The user delimiter that is already below the answer in the buffer, but maybe not in the file.
  std::string delimiter_below_;
  std::unique_ptr<store::Journal> journal_;
  Flow flow_;
  loop::Timer progress_timer_;
  completion::Phase phase_ = completion::Phase::kKey;
  std::size_t reasoning_characters_ = 0;
  bool progress_due_ = false;
  bool announced_ = false;  ///< Lua knows who answers
  std::vector<std::string> running_tools_;
  std::int64_t question_number_ = 0;
  std::function<void(toolbox::Decision)> reply_;  ///< to the open question
  std::optional<completion::Outcome> outcome_;
  completion::Answer answer_;
};

}  // namespace chatvim::editor
