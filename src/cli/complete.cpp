// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "chat_file.hpp"
#include "chatvim/chat/configuration.hpp"
#include "chatvim/completion/answer.hpp"
#include "chatvim/document/writer.hpp"
#include "chatvim/files/read_file.hpp"
#include "chatvim/http/curl_client.hpp"
#include "chatvim/loop/system.hpp"
#include "chatvim/store/calibration.hpp"
#include "chatvim/store/state.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/toolbox/toolbox.hpp"
#include "commands.hpp"
#include "input.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "sinks.hpp"

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

using MakeSink = std::function<std::unique_ptr<OutcomeSink>(
    const chat::Plan&, completion::AnswerEnding ending, std::function<void()> on_ended)>;

/// Sends the chat that `file` holds and runs the loop until the answer has ended.
int answer(const Options& options, const std::string& file, chat::Chat chat,
           const MakeSink& make_sink) {
  const Environment& environment = options.environment;
  store::Calibration calibration(store::calibration_file(store::state_folder(environment)));
  http::CurlClient client(environment);
  loop::Loop loop(client);
  toolbox::Toolbox tools({loop, client, environment, CHATVIM_VERSION, {}});
  chat::Origin origin = origin_of(options, file);
  for (const auto& warning : tools.offer_to(chat, origin)) say(warning);
  auto plan = chat::make_plan(chat, environment, chat::Purpose::kSend, &calibration);
  if (!plan) return report(plan.error());
  const std::string model = plan->provider.name + "/" + plan->model;
  const std::size_t raw_tokens = plan->raw_tokens.value_or(0);
  store::KeyRing keys(loop, environment);
  const auto sink =
      make_sink(*plan, {chat, *plan}, [&loop] { loop.post([&loop] { loop.quit(); }); });
  completion::Answer answer({loop, client, keys, environment, &calibration, tools, *sink},
                            std::move(*plan), std::move(chat), std::move(origin),
                            {options.allowed_tools, options.allows_secrets, {}});
  Progress progress(loop, model);
  sink->show_progress(progress);
  // If the output cannot be written, stop, so that the rest need not be paid for.
  sink->when_output_fails([&loop, &answer] { loop.post([&answer] { answer.stop(); }); });
  const loop::Interrupts interrupts(loop, [&answer, &sink](loop::Interrupt interrupt) {
    // Whoever terminates the program may no longer read to the end, and would mistake a closing
    // delimiter for text of the answer.
    if (interrupt == loop::Interrupt::kTerminate) sink->end_output();
    answer.stop();
  });
  answer.start();
  loop.run();
  if (sink->output_error()) return report(*sink->output_error());
  calibration.learn(model, raw_tokens, sink->outcome().first_input.value_or(0));
  const int code = conclude(sink->outcome());
  return code == 0 && !sink->delivered() ? exit_code_of(ErrorCode::kUnreadableFile) : code;
}

bool keeps_reasoning(const chat::Chat& chat) { return chat.settings.string("reasoning") == "keep"; }

/// Returns the offset in the file of a place in the document.
std::size_t offset_of(const Input& input, std::size_t row, std::size_t column) {
  if (row >= input.lines.size()) return input.bytes.size();
  return static_cast<std::size_t>(input.lines[row].data() - input.bytes.data()) + column;
}

document::ReplyWriter writer_of(const chat::Chat& chat) {
  if (!chat.place) return {chat.format, chat.tail};
  // Only blank lines and a user delimiter follow the last answer; both are written again.
  document::Place place = *chat.place;
  place.delimiter_below = false;
  return {chat.format, place};
}

int write_answer(const Options& options, const Input& input, chat::Chat chat) {
  ChatFile file(input.file, input.bytes);
  if (chat.place) {
    file.append_at(offset_of(input, chat.place->row, chat.place->column), input.bytes);
  }
  if (auto writable = file.check_writable(); !writable) return report(writable.error());
  auto writer = writer_of(chat);
  const bool keeps = keeps_reasoning(chat);
  return answer(
      options, input.file, std::move(chat),
      [&](const chat::Plan&, completion::AnswerEnding ending, std::function<void()> on_ended) {
        return std::make_unique<FileSink>(std::move(on_ended), file, std::move(writer),
                                          std::move(ending), keeps, FileSink::Echo::kNo);
      });
}

int print_answer(const Options& options, const std::string& file, chat::Chat chat) {
  std::optional<document::ReplyWriter> writer;
  if (options.add_delimiters) writer.emplace(writer_of(chat));
  return answer(
      options, file, std::move(chat),
      [&](const chat::Plan& plan, completion::AnswerEnding ending,
          std::function<void()> on_ended) -> std::unique_ptr<OutcomeSink> {
        if (options.json)
          return std::make_unique<JsonSink>(std::move(on_ended), plan.provider.name, plan.model);
        return std::make_unique<PrintingSink>(std::move(on_ended),
                                              options.chunk ? Style::kChunks : Style::kText,
                                              std::move(writer), std::move(ending));
      });
}

/// Reads the question that `log` adds: the argument with any piped text, or standard input alone.
Result<Prompt> read_log_prompt(const Options& options) {
  if (options.has_prompt) return read_prompt(options.prompt);
  auto text = read_standard_input();
  if (!text) return tl::unexpected(text.error());
  if (auto checked = check_prompt(*text); !checked) return tl::unexpected(checked.error());
  return Prompt{std::move(*text)};
}

}  // namespace

int complete(const Options& options) {
  if (options.write && options.file.empty()) {
    return report(
        {ErrorCode::kBadArguments, "--write needs --file FILE: the answer is appended to it."});
  }
  if (options.write && (options.chunk || options.json || options.add_delimiters)) {
    return report({ErrorCode::kBadArguments,
                   "--write prints nothing: leave out --chunk, --json and --add-delimiters."});
  }
  if (options.continues && (options.has_prompt || options.add_delimiters)) {
    return report({ErrorCode::kBadArguments,
                   "--continue continues an answer: leave out PROMPT and --add-delimiters."});
  }
  Input input;
  if (auto writable = check_output(); !options.write && !writable) return report(writable.error());
  if (auto read = read_input(options, input); !read) return report(read.error());
  auto chat = read_chat(options, input);
  if (!chat) return report(chat.error());
  return options.write ? write_answer(options, input, std::move(*chat))
                       : print_answer(options, input.file, std::move(*chat));
}

int log(const Options& options) {
  auto prompt = read_log_prompt(options);
  if (!prompt) return report(prompt.error());
  const std::string path = options.file.empty() ? "chat.md" : options.file;
  Input input;
  input.prompt = std::move(*prompt);
  input.file = path;
  if (std::filesystem::exists(path)) {
    auto bytes = files::read_file(path);
    if (!bytes) return report(bytes.error());
    input.bytes = std::move(*bytes);
    input.lines = text::split_file(input.bytes);
  }
  auto chat = read_chat(options, input);
  if (!chat) return report(chat.error());
  // The question is written together with the first text of its answer, so that a failed request
  // leaves the file unchanged.
  const std::string question =
      document::write_user_message(chat->format, chat->tail, input.prompt->text);
  // For the reply's writer, the document ends with the last character of the question.
  const document::Tail tail{std::nullopt, "", false, chat->tail.marker};
  ChatFile file(path, input.bytes);
  if (auto writable = file.check_writable(); !writable) return report(writable.error());
  document::ReplyWriter writer(chat->format, tail);
  const bool keeps = keeps_reasoning(*chat);
  return answer(
      options, path, std::move(*chat),
      [&](const chat::Plan&, completion::AnswerEnding ending, std::function<void()> on_ended) {
        return std::make_unique<FileSink>(std::move(on_ended), file, std::move(writer),
                                          std::move(ending), keeps, FileSink::Echo::kYes, question);
      });
}

}  // namespace chatvim::cli
