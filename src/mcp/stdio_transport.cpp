// SPDX-License-Identifier: Apache-2.0
#include "stdio_transport.hpp"

#include <fmt/format.h>

#include "chatvim/text/utf8.hpp"

namespace chatvim::mcp {

namespace {

constexpr std::size_t kMostNoise = 200;
/// Answers to a server that sends requests but does not read are dropped beyond this.
constexpr std::size_t kMostQueued = 1024 * 1024;

std::string how_it_ended(int exit_code) {
  if (exit_code < 0) return "closed its output";
  if (exit_code > 128) return fmt::format("was ended by signal {}", exit_code - 128);
  return fmt::format("ended with exit code {}", exit_code);
}

}  // namespace

StdioTransport::StdioTransport(loop::Loop& loop, const tools::Server& server,
                               const std::vector<std::pair<std::string, std::string>>& environment,
                               TransportHandler& handler)
    : loop_(loop),
      name_(server.name),
      options_{server.command, environment, server.folder},
      handler_(&handler),
      framing_(
          {[this](std::string_view json, std::size_t left_out) {
             if (handler_ && !handler_->on_message(json, left_out, 0)) {
               log("skipped: " + text::printable(json, kMostNoise));
             }
           },
           [this](std::string_view line) { log("skipped: " + text::printable(line, kMostNoise)); },
           [this] {
             if (handler_) handler_->on_too_long();
           }}),
      errors_([this](std::string_view line) { log(line); }) {}

Result<void> StdioTransport::start() {
  auto process = loop::DuplexProcess::start(loop_, options_, *this);
  if (!process) {
    return tl::unexpected(
        Error{ErrorCode::kBadConfig, fmt::format("Check the command of the tool server \"{}\": {}.",
                                                 name_, process.error().message)});
  }
  process_ = std::move(*process);
  return {};
}

void StdioTransport::send(const action::Send& message) {
  const bool is_answer = message.method.empty();
  if (!process_ || (is_answer && process_->queued() > kMostQueued)) return;
  process_->write(message.json + "\n");
}

void StdioTransport::on_output(std::string_view bytes) { framing_.feed(bytes); }

void StdioTransport::on_error_output(std::string_view bytes) { errors_.feed(bytes); }

void StdioTransport::on_end(int exit_code) {
  errors_.finish();
  if (!handler_) return;
  const std::string what = how_it_ended(exit_code);
  const std::string& last = errors_.last_line();
  const std::string words = last.empty() ? "." : ", and its last words were: " + last;
  handler_->on_closed(
      {ErrorCode::kLost, handler_->is_ready()
                             ? fmt::format("The tool server \"{}\" {}{}", name_, what, words)
                             : fmt::format("Check the command of the tool server \"{}\": it {} "
                                           "before it was ready{}",
                                           name_, what, words)});
}

void StdioTransport::log(std::string_view line) {
  if (handler_) handler_->on_log(line);
}

}  // namespace chatvim::mcp
