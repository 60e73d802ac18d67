// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "chatvim/loop/loop.hpp"
#include "chatvim/terminal/history.hpp"

namespace chatvim::cli {

/// Where `repl` reads questions and commands.
class ReplInput {
 public:
  virtual ~ReplInput() = default;
  /// Reads the next question or command, of one line or more; nothing at the end of input.
  virtual std::optional<std::string> read() = 0;
  /// Whether a user types, who sees what happens and can be asked.
  virtual bool is_user() const = 0;
  /// Asks for a line from within the loop; `on_line` gets nothing if the user presses CTRL-C or
  /// CTRL-D. What was typed before the question is not an answer to it.
  virtual void ask(std::string_view prompt,
                   std::function<void(std::optional<std::string>)> on_line) = 0;
  /// Gives the terminal to another program while `run` runs.
  virtual void lend(const std::function<void()>& run) = 0;
};

/// Reads keys from the terminal, with line editing and history, which must outlive it.
std::unique_ptr<ReplInput> read_terminal(loop::Loop& loop, int screen, terminal::History& history);

/// Reads lines from standard input. A line that ends with `\`, and one that begins with `"""`,
/// continue. `prompts` is for a terminal that has no line editing.
std::unique_ptr<ReplInput> read_lines(bool prompts);

/// Returns the descriptor on which a terminal with line editing can be drawn, or nothing: standard
/// input or both outputs are no terminal, or $TERM says that it has no cursor.
std::optional<int> find_screen(std::string_view term);

}  // namespace chatvim::cli
