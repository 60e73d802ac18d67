// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/chat/chat.hpp"
#include "chatvim/chat/origin.hpp"
#include "chatvim/error.hpp"
#include "options.hpp"
#include "output.hpp"

namespace chatvim::cli {

/// A question from the command line.
struct Prompt {
  std::string text;          ///< the argument, then lines that embed files, then the piped text
  std::size_t attached = 0;  ///< bytes of piped text at its end
};

/// The input of a command.
struct Input {
  std::string bytes;
  std::string file;                     ///< empty for standard input or a prompt
  std::vector<std::string_view> lines;  ///< views into `bytes`
  std::optional<Prompt> prompt;         ///< a message that follows the document's

  Input() = default;
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
};

/// Reads all of standard input; an error if it is a terminal.
Result<std::string> read_standard_input();

/// Checks that a prompt can be sent: it must be valid UTF-8 and not blank.
Result<void> check_prompt(const std::string& prompt);

/// Checks that there is a prompt for the attached files.
Result<void> check_attached(const Options& options);

/// Returns the prompt, followed by its attached files, for a chat in `folder`, and by any piped
/// text.
Result<Prompt> read_prompt(const Options& options, const std::string& folder);

/// Fills `input` from the file, from standard input or from the prompt.
Result<void> read_input(const Options& options, Input& input);

/// Returns where the chat in a file is ("" for none), and what the options allow.
chat::Origin origin_of(const Options& options, const std::string& file);

/// Returns the model that the chat in the input would use, as PROVIDER/NAME. Fails if the chat
/// cannot be used, but not because it has no question.
Result<std::string> read_model(const Options& options, const Input& input);

/// Returns a word fit to be shown.
std::string shown(const std::string& word);

/// Returns a word for the shell, and fit to be shown.
std::string for_shell(const std::string& word);

/// Returns the settings layer of `--set` and `--model`.
settings::Layer command_line_layer(const Options& options);

/// Returns the error prefixed with the file name, if that is not empty.
Error with_file(const Error& error, const std::string& file);

/// Returns the error in the words of a command that never sends anything, and so need not say that
/// it did not.
Error without_sending(Error error);

/// Reads the chat in the input, with the prompt, if any, as its last message, and with its embeds
/// expanded. Warnings go to standard error.
Result<chat::Chat> read_chat(const Options& options, const Input& input);

}  // namespace chatvim::cli
