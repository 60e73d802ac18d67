// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chatvim/completion/chat.hpp"
#include "chatvim/error.hpp"
#include "options.hpp"
#include "output.hpp"

namespace chatvim::cli {

/// A document as the command line got it.
struct Input {
  std::string bytes;
  std::string file;                     ///< empty for standard input and a prompt
  std::vector<std::string_view> lines;  ///< views into `bytes`

  Input() = default;
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
};

/// All of standard input; an error where it is a terminal.
Result<std::string> read_standard_input();

/// Fills `input` from the file or standard input (a prompt leaves it empty).
Result<void> read_input(const Options& options, Input& input);

/// The layer that `--set` and `--model` make.
settings::Layer command_line_layer(const Options& options);

/// Reads the chat: the input's, with the prompt as its last message where there is one, and what it
/// embeds in place. Warnings go to standard error.
Result<completion::Chat> read_chat(const Options& options, const Input& input);

}  // namespace chatvim::cli
