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
#include "chatvim/completion/completion.hpp"
#include "chatvim/document/writer.hpp"
#include "chatvim/files/read_file.hpp"
#include "chatvim/http/curl_client.hpp"
#include "chatvim/loop/system.hpp"
#include "chatvim/store/calibration.hpp"
#include "chatvim/store/state.hpp"
#include "chatvim/text/lines.hpp"
#include "commands.hpp"
#include "input.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "sinks.hpp"

namespace chatvim::cli {

namespace {

/// The exit code for an outcome, its notice said on standard error.
int conclude(const completion::Outcome& outcome) {
  if (outcome.notice) say(outcome.notice->message);
  if (outcome.kind == completion::Outcome::Kind::kStopped)
    return exit_code_of(ErrorCode::kInterrupted);
  return outcome.notice ? exit_code_of(outcome.notice->code) : 0;
}

using MakeSink =
    std::function<std::unique_ptr<OutcomeSink>(const chat::Plan&, std::function<void()> on_ended)>;

/// Sends the chat and runs the loop until the answer has ended.
int answer(const chat::Chat& chat, const Environment& environment, const MakeSink& make_sink) {
  store::Calibration calibration(store::calibration_file(store::state_folder(environment)));
  auto plan = chat::make_plan(chat, environment, chat::Purpose::kSend, &calibration);
  if (!plan) return report(plan.error());
  const std::string model = plan->provider.name + "/" + plan->model;
  const std::size_t raw_tokens = plan->raw_tokens.value_or(0);
  http::CurlClient client(environment);
  loop::Loop loop(client);
  store::KeyRing keys(loop, environment);
  const auto sink = make_sink(*plan, [&loop] { loop.post([&loop] { loop.quit(); }); });
  completion::Completion completion(loop, client, keys, std::move(*plan), *sink);
  Progress progress(loop, model);
  sink->show_progress(progress);
  // Nobody reads what comes: it need not be paid for either.
  sink->when_output_fails(
      [&loop, &completion] { loop.post([&completion] { completion.stop(); }); });
  const loop::Interrupts interrupts(loop, [&completion, &sink](loop::Interrupt interrupt) {
    // Whoever kills the program may have stopped reading: a closing delimiter would be mistaken
    // for text of the answer.
    if (interrupt == loop::Interrupt::kTerminate) sink->end_output();
    completion.stop();
  });
  completion.start();
  loop.run();
  if (sink->output_error()) return report(*sink->output_error());
  calibration.learn(model, raw_tokens, sink->outcome().usage.input.value_or(0));
  const int code = conclude(sink->outcome());
  return code == 0 && !sink->delivered() ? exit_code_of(ErrorCode::kUnreadableFile) : code;
}

bool keeps_reasoning(const chat::Chat& chat) { return chat.settings.string("reasoning") == "keep"; }

/// Where a place of the document is in its file.
std::size_t offset_of(const Input& input, std::size_t row, std::size_t column) {
  if (row >= input.lines.size()) return input.bytes.size();
  return static_cast<std::size_t>(input.lines[row].data() - input.bytes.data()) + column;
}

document::ReplyWriter writer_of(const chat::Chat& chat) {
  if (!chat.place) return {chat.format, chat.tail};
  // Only blank lines and a user delimiter follow the last answer: they are written again.
  document::Place place = *chat.place;
  place.delimiter_below = false;
  return {chat.format, place};
}

int write_answer(const Options& options, const Input& input, const chat::Chat& chat) {
  ChatFile file(input.file, input.bytes);
  if (chat.place) {
    file.append_at(offset_of(input, chat.place->row, chat.place->column), input.bytes);
  }
  if (auto writable = file.check_writable(); !writable) return report(writable.error());
  return answer(chat, options.environment, [&](const chat::Plan&, std::function<void()> on_ended) {
    return std::make_unique<FileSink>(std::move(on_ended), file, writer_of(chat),
                                      keeps_reasoning(chat), FileSink::Echo::kNo);
  });
}

int print_answer(const Options& options, const chat::Chat& chat) {
  return answer(
      chat, options.environment,
      [&](const chat::Plan& plan, std::function<void()> on_ended) -> std::unique_ptr<OutcomeSink> {
        if (options.json)
          return std::make_unique<JsonSink>(std::move(on_ended), plan.provider.name, plan.model);
        std::optional<document::ReplyWriter> writer;
        if (options.add_delimiters) writer.emplace(chat.format, chat.tail);
        return std::make_unique<PrintingSink>(
            std::move(on_ended), options.chunk ? Style::kChunks : Style::kText, std::move(writer));
      });
}

/// The question that `log` adds: the argument with what is piped in, or standard input alone.
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
  const auto chat = read_chat(options, input);
  if (!chat) return report(chat.error());
  return options.write ? write_answer(options, input, *chat) : print_answer(options, *chat);
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
  const auto chat = read_chat(options, input);
  if (!chat) return report(chat.error());
  // The question goes into the file with the first of its answer: a request that fails leaves the
  // file alone.
  const std::string question =
      document::write_user_message(chat->format, chat->tail, input.prompt->text);
  // What the reply is appended to: a document that ends with the question's last character.
  const document::Tail tail{std::nullopt, "", false, chat->tail.marker};
  ChatFile file(path, input.bytes);
  if (auto writable = file.check_writable(); !writable) return report(writable.error());
  return answer(*chat, options.environment, [&](const chat::Plan&, std::function<void()> on_ended) {
    return std::make_unique<FileSink>(std::move(on_ended), file,
                                      document::ReplyWriter(chat->format, tail),
                                      keeps_reasoning(*chat), FileSink::Echo::kYes, question);
  });
}

}  // namespace chatvim::cli
