// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "chatvim/document/writer.hpp"
#include "commands.hpp"
#include "input.hpp"
#include "output.hpp"
#include "session.hpp"
#include "sinks.hpp"

namespace chatvim::cli {

namespace {

int print_answer(const Options& options, const std::string& file, chat::Chat chat) {
  std::optional<document::ReplyWriter> writer;
  if (options.add_delimiters) writer.emplace(writer_of(chat));
  Session session(options.environment);
  return answer(
      session, options, file, std::move(chat),
      [&](const chat::Plan& plan, completion::AnswerEnding ending,
          std::function<void()> on_ended) -> std::unique_ptr<OutcomeSink> {
        if (options.json)
          return std::make_unique<JsonSink>(std::move(on_ended), plan.provider.name, plan.model);
        return std::make_unique<PrintingSink>(std::move(on_ended),
                                              options.chunk ? Style::kChunks : Style::kText,
                                              std::move(writer), std::move(ending));
      });
}

/// Reads the question that `log` adds to a file: the argument with any piped text, or standard
/// input alone.
Result<Prompt> read_log_prompt(const Options& options, const std::string& file) {
  if (auto usable = check_attached(options); !usable) return tl::unexpected(usable.error());
  if (options.has_prompt) {
    std::error_code ignored;
    const auto path = std::filesystem::absolute(file, ignored).lexically_normal();
    return read_prompt(options, path.parent_path().string());
  }
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
  if (!options.write) return print_answer(options, input.file, std::move(*chat));
  Session session(options.environment);
  return write_answer(session, options, input, std::move(*chat), FileSink::Echo::kNo);
}

int log(const Options& options) {
  const std::string path = options.file.empty() ? "chat.md" : options.file;
  auto prompt = read_log_prompt(options, path);
  if (!prompt) return report(prompt.error());
  Input input;
  input.prompt = std::move(*prompt);
  if (auto read = read_chat_file(path, input); !read) return report(read.error());
  Session session(options.environment);
  return ask_in_file(session, options, input);
}

}  // namespace chatvim::cli
