// SPDX-License-Identifier: Apache-2.0
#include "step_runner.hpp"

#include <algorithm>
#include <utility>

namespace chatvim::completion {

namespace {

using document::AnswerPart;
using CallOutcome = document::ToolCall::Outcome;

constexpr std::size_t kMostAtOnce = 4;

bool is_open(const AnswerPart& part) {
  return part.kind == AnswerPart::Kind::kCall && part.call.outcome == CallOutcome::kOpen;
}

}  // namespace

StepRunner::StepRunner(Parts parts, std::vector<AnswerPart> step, toolbox::CallContext context)
    : parts_(std::move(parts)), step_(std::move(step)), context_(std::move(context)) {
  context_.on_made = [this] {
    if (!over_) parts_.on_change();
  };
}

void StepRunner::start() {
  start_some();
  give_some();
}

std::vector<std::string> StepRunner::running() const {
  std::vector<std::string> names;
  for (const Run& run : runs_) {
    if (!run.call || !run.call->was_made() || run.call->is_asking()) continue;
    names.push_back(step_[run.number - given_].call.tool);
  }
  return names;
}

std::vector<AnswerPart> StepRunner::cancel() {
  over_ = true;
  for (const Run& run : runs_) {
    // What has not been called yet, such as what the user has not allowed, stays open.
    if (!run.call || !run.call->was_made()) continue;
    step_[run.number - given_].call.outcome = CallOutcome::kCut;
  }
  runs_.clear();
  return std::exchange(step_, {});
}

void StepRunner::start_some() {
  while (!over_ && !stopped_ && runs_.size() < kMostAtOnce && started_ - given_ < step_.size()) {
    const std::size_t number = started_++;
    const AnswerPart& part = step_[number - given_];
    if (!is_open(part)) continue;
    runs_.push_back({number, nullptr});
    auto call = parts_.tools.call(
        part.call, context_, [this, number, still = std::weak_ptr(alive_)](toolbox::CallEnd end) {
          if (!still.expired()) take(number, std::move(end));
        });
    const auto run = std::find_if(runs_.begin(), runs_.end(),
                                  [number](const Run& one) { return one.number == number; });
    if (run != runs_.end()) run->call = std::move(call);
  }
}

void StepRunner::take(std::size_t number, toolbox::CallEnd end) {
  if (over_) return;
  // The call may be running the code that called this.
  const auto run = std::find_if(runs_.begin(), runs_.end(),
                                [number](const Run& one) { return one.number == number; });
  if (run != runs_.end()) {
    parts_.loop.post([call = std::shared_ptr<toolbox::RunningCall>(std::move(run->call))] {});
    runs_.erase(run);
  }
  if (end.question && !stopped_) {
    stopped_ = std::move(end.question);
    // Nobody can be asked about the others either. Those that have been made come to their ends.
    std::erase_if(runs_, [](const Run& one) { return !one.call || !one.call->was_made(); });
  }
  document::ToolCall& call = step_[number - given_].call;
  call.outcome = end.outcome;
  call.result = std::move(end.text);
  start_some();
  give_some();
}

void StepRunner::give_some() {
  const std::weak_ptr still(alive_);
  while (!over_ && !step_.empty() && !is_open(step_.front())) {
    const AnswerPart part = std::move(step_.front());
    step_.erase(step_.begin());
    ++given_;
    parts_.give(part);
    if (still.expired()) return;
  }
  if (over_) return;
  parts_.on_change();
  if (still.expired() || (!step_.empty() && !(stopped_ && runs_.empty()))) return;
  over_ = true;
  parts_.on_done(std::move(stopped_));
}

}  // namespace chatvim::completion
