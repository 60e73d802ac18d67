// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <utility>

#include "chat_file.hpp"
#include "chatvim/loop/system.hpp"
#include "chatvim/terminal/entry.hpp"
#include "commands.hpp"
#include "edit_text.hpp"
#include "input.hpp"
#include "new_chat.hpp"
#include "output.hpp"
#include "repl_commands.hpp"
#include "repl_consent.hpp"
#include "repl_history.hpp"
#include "repl_input.hpp"
#include "session.hpp"

namespace chatvim::cli {

namespace {

/// Asks question after question in one chat file, which is read again before each: it may be edited
/// meanwhile.
class Repl {
 public:
  explicit Repl(const Options& options)
      : options_(options),
        session_(options.environment),
        history_(options.environment),
        colors_(wants_color(options.color, options.environment)) {
    const std::string term = options.environment("TERM").value_or("");
    if (const auto screen = find_screen(term)) {
      input_ = read_terminal(session_.loop, *screen, history_.history());
    } else {
      input_ = read_lines(loop::is_terminal(loop::standard_input()));
    }
    if (options_.file.empty()) options_.file = new_chat_name(".");
  }

  int run() {
    if (auto usable = check(options_); !usable) return report(usable.error());
    if (input_->is_user()) greet();
    while (auto text = input_->read()) {
      code_ = take(*text);
      if (session_.terminated) return exit_code_of(ErrorCode::kInterrupted);
      const bool ends = exits_ || (code_ != 0 && !input_->is_user());
      if (ends) break;
    }
    return input_->is_user() ? 0 : code_;
  }

 private:
  /// Each of these returns the exit code of what it did.
  int take(const std::string& text) {
    if (input_->is_user()) history_.add(text);
    if (is_repl_command(text)) return obey(text);
    const std::string question = terminal::entry_text(text);
    return question.empty() ? 0 : ask(question);
  }

  int obey(const std::string& text) {
    const auto line = read_repl_command(text);
    if (!line) return report({ErrorCode::kBadArguments, unknown_repl_command(text)});
    switch (line->command) {
      case ReplCommand::kExit:
        exits_ = true;
        return 0;
      case ReplCommand::kHelp:
        return print(repl_help());
      case ReplCommand::kFile:
        return print(options_.file + "\n");
      case ReplCommand::kModel:
        return line->argument.empty() ? print_model() : set_model(line->argument);
      case ReplCommand::kSet:
        return line->argument.empty() ? print_settings() : set(line->argument);
      case ReplCommand::kRetry:
        return retry();
      case ReplCommand::kEdit:
        return edit();
    }
    return 0;
  }

  int ask(const std::string& question) {
    if (auto checked = check_prompt(question); !checked) return report(checked.error());
    Input input;
    input.prompt = Prompt{question};
    if (auto read = read_chat_file(options_.file, input); !read) return report(read.error());
    const int code = ask_in_file(session_, options_, input, dress());
    return end_answer(code);
  }

  int retry() {
    Options options = options_;
    options.retries = true;
    Input input;
    if (auto read = read_chat_file(options_.file, input); !read) return report(read.error());
    auto chat = read_chat(options, input);
    if (!chat) return report(chat.error());
    return end_answer(
        write_answer(session_, options, input, std::move(*chat), FileSink::Echo::kYes, dress()));
  }

  /// A blank line sets the next question apart.
  int end_answer(int code) {
    if (auto written = write_out("\n"); !written && code == 0) return report(written.error());
    return code;
  }

  std::function<void(FileSink&)> dress() {
    return [this](FileSink& sink) {
      if (colors_) sink.color_output();
      sink.print_calls();
      if (input_->is_user()) sink.ask_with(ask_on(*input_));
    };
  }

  int edit() {
    const auto text = edit_text(options_.environment, *input_);
    if (!text) return report(text.error());
    const std::string question = terminal::entry_text(*text);
    if (question.empty()) return 0;
    history_.add(question);
    if (auto written = write_out(question + "\n\n"); !written) return report(written.error());
    return ask(question);
  }

  int set_model(const std::string& name) {
    Options options = options_;
    options.model = name;
    options.has_model = true;
    return adopt(std::move(options));
  }

  int set(const std::string& assignment) {
    Options options = options_;
    options.assignments.push_back(assignment);
    return adopt(std::move(options));
  }

  /// Uses other options from now on, if they are right.
  int adopt(Options options) {
    if (auto usable = check(options); !usable) return report(usable.error());
    options_ = std::move(options);
    return 0;
  }

  /// Reads the chat as a question would, and chooses its model.
  Result<std::string> check(const Options& options) const {
    Input input;
    if (auto read = read_chat_file(options.file, input); !read) return tl::unexpected(read.error());
    if (auto writable = ChatFile(input.file, input.bytes).check_writable(); !writable) {
      return tl::unexpected(writable.error());
    }
    return read_model(options, input);
  }

  int print_model() {
    const auto model = check(options_);
    return model ? print(*model + "\n") : report(model.error());
  }

  int print_settings() {
    std::string lines;
    for (const std::string& one : options_.assignments) lines += one + "\n";
    return print(lines);
  }

  static int print(const std::string& text) {
    const auto written = write_out(text);
    return written ? 0 : report(written.error());
  }

  void greet() const {
    say_lines(fmt::format("{}, {}; .help lists the commands.\n", shown(options_.file),
                          shown(check(options_).value_or(""))));
  }

  Options options_;
  Session session_;
  ReplHistory history_;
  bool colors_;
  std::unique_ptr<ReplInput> input_;
  int code_ = 0;
  bool exits_ = false;
};

}  // namespace

int repl(const Options& options) { return Repl(options).run(); }

}  // namespace chatvim::cli
