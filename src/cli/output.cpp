// SPDX-License-Identifier: Apache-2.0
#include "output.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "chatvim/loop/system.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::cli {

Result<void> write_out(std::string_view text) {
  const bool at_terminal = loop::is_terminal(loop::standard_output());
  return write_out_colored(at_terminal ? std::string_view(text::harmless(text)) : text);
}

Result<void> write_out_colored(std::string_view text) {
  if (loop::write_all(loop::standard_output(), text)) return {};
  if (errno == EPIPE) return tl::unexpected(Error{ErrorCode::kInternal, ""});
  return tl::unexpected(
      Error{ErrorCode::kInternal,
            fmt::format("Standard output cannot be written: {}.", std::strerror(errno))});
}

bool wants_color(std::string_view choice, const Environment& environment) {
  if (choice != "auto") return choice == "always";
  return loop::is_terminal(loop::standard_output()) &&
         environment("NO_COLOR").value_or("").empty() && environment("TERM").value_or("") != "dumb";
}

void say(std::string_view message) {
  say_lines(fmt::format("chatvim: {}\n", text::printable_name(message, std::string_view::npos)));
}

void say_lines(std::string_view text) {
  // Ignore errors: if standard error cannot be written, there is nowhere to report that.
  loop::write_all(loop::standard_error(), text);
}

Result<void> check_output() {
  if (loop::is_writable(loop::standard_output())) return {};
  return tl::unexpected(
      Error{ErrorCode::kBadArguments, "Open standard output: it is closed; nothing was sent."});
}

int report(const Error& error) {
  if (!error.message.empty()) say(error.message);
  return exit_code_of(error.code);
}

}  // namespace chatvim::cli
