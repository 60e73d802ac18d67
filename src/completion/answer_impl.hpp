// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chatvim/completion/answer.hpp"
#include "chatvim/completion/completion.hpp"
#include "footnotes.hpp"
#include "question_queue.hpp"
#include "step.hpp"
#include "step_runner.hpp"
#include "transcript.hpp"

namespace chatvim::completion {

/// The state of an answer: it lists tools, waits for a response, or makes the calls of a step.
class Answer::Impl final : public ResponseSink {
 public:
  Impl(Parts parts, chat::Plan plan, chat::Chat chat, chat::Origin origin,
       toolbox::Permissions permissions);

  void start();
  void stop();

 private:
  void list_servers(std::function<void()> go_on);
  void prepare();
  void send();
  void send_next();
  void run(std::vector<document::AnswerPart> parts, bool from_document);
  void take_step(std::optional<toolbox::Question> question);
  bool is_stuck(const std::vector<document::AnswerPart>& parts);
  void give_text(std::string_view text);
  void give(const document::AnswerPart& part);
  void give_all(const std::vector<document::AnswerPart>& parts);
  void show_tools();
  void end_at(const toolbox::Question& question);
  void fail(Error error);
  void check_schema(Outcome& outcome) const;
  Outcome new_outcome(Outcome::Kind kind) const;
  void end(Outcome outcome);
  toolbox::CallContext context(bool from_document = false);
  template <class Work>
  void post(Work work);
  std::weak_ptr<bool> weak() const { return alive_; }

  void on_phase(Phase phase, std::size_t reasoning_characters) override;
  void on_retry(const Retry& retry) override;
  void on_answer(std::string_view text) override;
  void on_reasoning(std::string_view text) override;
  bool on_text_was_reasoning() override;
  void on_outcome(const Outcome& outcome) override;
  void on_call(const wire::ToolCall& call) override;
  void on_arguments(const wire::ToolArguments& arguments) override;
  void on_state(const wire::State& state) override;
  void on_source(const wire::Citation& source) override;

  Parts parts_;
  std::optional<chat::Plan> plan_;  ///< of the next request
  chat::Chat chat_;                 ///< without the answer
  chat::Origin origin_;
  toolbox::Permissions permissions_;
  std::size_t most_requests_;
  std::string model_;        ///< PROVIDER/NAME
  bool uses_tools_ = false;  ///< the model may call tools, or the answer has calls
  std::optional<Transcript> transcript_;
  std::optional<document::Message> before_;  ///< the answer as the document has it
  bool has_results_ = false;                 ///< the next request has results of calls
  std::vector<document::AnswerPart> open_;   ///< the step to run next
  std::size_t steps_ = 0;                    ///< number of the last step
  std::size_t requests_ = 0;
  std::optional<Step> step_;
  std::string last_text_;  ///< since the last step, if the chat has a schema that it must fit
  std::string last_calls_;
  int equal_steps_ = 0;
  Footnotes footnotes_;
  QuestionQueue questions_;
  std::unique_ptr<toolbox::RunningCall> listing_;
  std::unique_ptr<StepRunner> runner_;
  std::unique_ptr<Completion> completion_;
  bool ended_ = false;
  provider::Usage usage_;
  std::optional<std::int64_t> first_input_;
  std::optional<double> price_;
  std::optional<double> seconds_to_text_;
  std::size_t reasoning_before_ = 0;  ///< characters in earlier requests
  std::size_t reasoning_now_ = 0;
  loop::Clock::time_point started_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace chatvim::completion
