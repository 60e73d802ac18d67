// SPDX-License-Identifier: Apache-2.0
#include "session.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <utility>

#include "chatvim/completion/answer.hpp"
#include "chatvim/document/writer.hpp"
#include "chatvim/files/read_file.hpp"
#include "chatvim/loop/system.hpp"
#include "chatvim/store/state.hpp"
#include "chatvim/text/lines.hpp"
#include "output.hpp"
#include "progress.hpp"

namespace chatvim::cli {

namespace {

/// Returns the option that allows what a question is about.
std::string option_for(const toolbox::Question& question) {
  switch (question.kind) {
    case toolbox::Question::Kind::kStart:
      return "--allow-tool " +
             for_shell(question.tool.empty() ? question.server + ".*" : question.tool);
    case toolbox::Question::Kind::kCall:
      return "--allow-tool " + for_shell(question.tool);
    case toolbox::Question::Kind::kFile:
      return "--allow " + for_shell(question.path);
    case toolbox::Question::Kind::kSecret:
      return "--allow-secrets";
    case toolbox::Question::Kind::kBuffer:
      break;
  }
  return {};
}

/// Prints the notice of an outcome on standard error and returns the exit code.
int conclude(const completion::Outcome& outcome) {
  if (outcome.notice) {
    const std::string option = outcome.question ? option_for(*outcome.question) : "";
    say(outcome.notice->message + (option.empty() ? "" : " Add " + option + "."));
  }
  if (outcome.kind == completion::Outcome::Kind::kStopped)
    return exit_code_of(ErrorCode::kInterrupted);
  return outcome.notice ? exit_code_of(outcome.notice->code) : 0;
}

/// Returns the offset in the file of a place in the document.
std::size_t offset_of(const Input& input, std::size_t row, std::size_t column) {
  if (row >= input.lines.size()) return input.bytes.size();
  return static_cast<std::size_t>(input.lines[row].data() - input.bytes.data()) + column;
}

}  // namespace

Session::Session(const Environment& surroundings)
    : environment(surroundings),
      calibration(store::calibration_file(store::state_folder(environment))),
      client(environment),
      loop(client),
      tools({loop, client, environment, CHATVIM_VERSION, {}}),
      keys(loop, environment) {}

int answer(Session& session, const Options& options, const std::string& file, chat::Chat chat,
           const MakeSink& make_sink) {
  loop::Loop& loop = session.loop;
  const Environment& environment = session.environment;
  chat::Origin origin = origin_of(options, file);
  for (const auto& warning : session.tools.offer_to(chat, origin)) say(warning);
  auto plan = chat::make_plan(chat, environment, chat::Purpose::kSend, &session.calibration);
  if (!plan) return report(plan.error());
  const std::string model = plan->provider.name + "/" + plan->model;
  const std::size_t raw_tokens = plan->raw_tokens.value_or(0);
  const auto sink =
      make_sink(*plan, {chat, *plan}, [&loop] { loop.post([&loop] { loop.quit(); }); });
  completion::Answer answer(
      {loop, session.client, session.keys, environment, &session.calibration, session.tools, *sink},
      std::move(*plan), std::move(chat), std::move(origin),
      {options.allowed_tools, options.allows_secrets, {}});
  Progress progress(loop, model);
  sink->show_progress(progress);
  // If the output cannot be written, stop, so that the rest need not be paid for.
  sink->when_output_fails([&loop, &answer] { loop.post([&answer] { answer.stop(); }); });
  const loop::Interrupts interrupts(loop, [&](loop::Interrupt interrupt) {
    // Whoever terminates the program may no longer read to the end, and would mistake a closing
    // delimiter for text of the answer.
    if (interrupt == loop::Interrupt::kTerminate) {
      session.terminated = true;
      sink->end_output();
    }
    answer.stop();
  });
  answer.start();
  loop.run();
  if (sink->output_error()) return report(*sink->output_error());
  session.calibration.learn(model, raw_tokens, sink->outcome().first_input.value_or(0));
  const int code = conclude(sink->outcome());
  return code == 0 && !sink->delivered() ? exit_code_of(ErrorCode::kUnreadableFile) : code;
}

bool keeps_reasoning(const chat::Chat& chat) { return chat.settings.string("reasoning") == "keep"; }

document::ReplyWriter writer_of(const chat::Chat& chat) {
  if (!chat.place) return {chat.format, chat.tail};
  // Only blank lines and a user delimiter follow the last answer; both are written again.
  document::Place place = *chat.place;
  place.delimiter_below = false;
  return {chat.format, place};
}

int write_answer(Session& session, const Options& options, const Input& input, chat::Chat chat,
                 FileSink::Echo echo, const std::function<void(FileSink&)>& dress) {
  ChatFile file(input.file, input.bytes);
  if (chat.place) {
    file.append_at(offset_of(input, chat.place->row, chat.place->column), input.bytes);
  }
  if (auto writable = file.check_writable(); !writable) return report(writable.error());
  auto writer = writer_of(chat);
  const bool keeps = keeps_reasoning(chat);
  return answer(
      session, options, input.file, std::move(chat),
      [&](const chat::Plan&, completion::AnswerEnding ending, std::function<void()> on_ended) {
        auto sink = std::make_unique<FileSink>(std::move(on_ended), file, std::move(writer),
                                               std::move(ending), keeps, echo);
        if (dress) dress(*sink);
        return sink;
      });
}

Result<void> read_chat_file(const std::string& path, Input& input) {
  input.file = path;
  if (!std::filesystem::exists(path)) return {};
  auto bytes = files::read_file(path);
  if (!bytes) return tl::unexpected(bytes.error());
  input.bytes = std::move(*bytes);
  input.lines = text::split_file(input.bytes);
  return {};
}

int ask_in_file(Session& session, const Options& options, Input& input,
                const std::function<void(FileSink&)>& dress) {
  auto chat = read_chat(options, input);
  if (!chat) return report(chat.error());
  const std::string question =
      document::write_user_message(chat->format, chat->tail, input.prompt->text);
  // For the reply's writer, the document ends with the last character of the question.
  const document::Tail tail{std::nullopt, "", false, chat->tail.marker};
  ChatFile file(input.file, input.bytes);
  if (auto writable = file.check_writable(); !writable) return report(writable.error());
  document::ReplyWriter writer(chat->format, tail);
  const bool keeps = keeps_reasoning(*chat);
  return answer(
      session, options, input.file, std::move(*chat),
      [&](const chat::Plan&, completion::AnswerEnding ending, std::function<void()> on_ended) {
        auto sink =
            std::make_unique<FileSink>(std::move(on_ended), file, std::move(writer),
                                       std::move(ending), keeps, FileSink::Echo::kYes, question);
        if (dress) dress(*sink);
        return sink;
      });
}

}  // namespace chatvim::cli
