// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/chat/chat.hpp"
#include "chatvim/error.hpp"
#include "options.hpp"
#include "output.hpp"

namespace chatvim::cli {

/// A question from the command line.
struct Prompt {
  std::string text;          ///< the argument, then what was piped in
  std::size_t attached = 0;  ///< bytes at its end that were piped in
};

/// A document as the command line got it.
struct Input {
  std::string bytes;
  std::string file;                     ///< empty for standard input and a prompt
  std::vector<std::string_view> lines;  ///< views into `bytes`
  std::optional<Prompt> prompt;         ///< the message after those of the document

  Input() = default;
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
};

/// All of standard input; an error where it is a terminal.
Result<std::string> read_standard_input();

/// Whether a prompt can be sent: it is UTF-8 and not blank.
Result<void> check_prompt(const std::string& prompt);

/// The prompt `words`, with what is piped in after it.
Result<Prompt> read_prompt(const std::string& words);

/// Fills `input` from the file, from standard input or with the prompt.
Result<void> read_input(const Options& options, Input& input);

/// The layer that `--set` and `--model` make.
settings::Layer command_line_layer(const Options& options);

/// The error with the name of the file that it is about, if it has one.
Error with_file(const Error& error, const std::string& file);

/// Reads the chat: the input's, with the prompt as its last message if there is one, and what it
/// embeds in place. Warnings go to standard error.
Result<chat::Chat> read_chat(const Options& options, const Input& input);

}  // namespace chatvim::cli
