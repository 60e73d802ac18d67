// SPDX-License-Identifier: Apache-2.0
#include "progress.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string_view>
#include <utility>

#include "chatvim/loop/system.hpp"
#include "chatvim/text/utf8.hpp"
#include "output.hpp"

namespace chatvim::cli {

namespace {

constexpr std::chrono::seconds kInterval{1};
/// Short enough for any terminal, because a line that wraps could not be cleared.
constexpr std::size_t kMostModelBytes = 40;
constexpr std::size_t kMostToolBytes = 30;
/// Carriage return, then "erase in line" (ECMA-48, 8.3.41).
constexpr std::string_view kClearLine = "\r\x1B[K";

}  // namespace

Progress::Progress(loop::Loop& loop, std::string_view model)
    : at_terminal_(loop::is_terminal(loop::standard_error())),
      model_(text::printable_name(model, kMostModelBytes)),
      started_(loop::Clock::now()),
      timer_(loop, [this] { draw(); }) {}

void Progress::show(completion::Phase phase, std::size_t reasoning_characters) {
  const bool is_news = !drawn_ || phase_ != phase;
  phase_ = phase;
  reasoning_characters_ = reasoning_characters;
  if (at_terminal_ && is_news) draw();
}

void Progress::set_tools(std::span<const std::string> running) {
  tools_.clear();
  for (const std::string& name : running) tools_ += " " + name;
  tools_ = text::printable_name(tools_, kMostToolBytes);
  if (drawn_ && phase_ == completion::Phase::kRunning) draw();
}

void Progress::draw() {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(loop::Clock::now() - started_).count();
  std::string line = fmt::format("{}{}: {}", kClearLine, model_, name_of(phase_));
  if (phase_ == completion::Phase::kRunning) line += tools_;
  if (reasoning_characters_ > 0) line += fmt::format(", {} characters", reasoning_characters_);
  if (seconds > 0) line += fmt::format(", {} s", seconds);
  say_lines(line);
  drawn_ = true;
  timer_.start(kInterval);
}

void Progress::wipe() {
  timer_.stop();
  if (std::exchange(drawn_, false)) say_lines(kClearLine);
}

}  // namespace chatvim::cli
