// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chatvim/document/message.hpp"
#include "chatvim/loop/loop.hpp"
#include "chatvim/toolbox/toolbox.hpp"

namespace chatvim::completion {

/// Makes the calls of one step, four at a time, and hands out the parts of the step in order, each
/// as soon as the calls before it have results. Destroying it cancels the calls.
class StepRunner {
 public:
  struct Parts {
    loop::Loop& loop;
    toolbox::Toolbox& tools;
    std::function<void(const document::AnswerPart&)> give;
    std::function<void()> on_change;  ///< `rest` or `running` is different
    /// Called once, from the loop, when all parts have been given, or when the user does not want
    /// to go on: then with the question that was open.
    std::function<void(std::optional<toolbox::Question>)> on_done;
  };
  /// `parts` are those of the step from its first open call on.
  StepRunner(Parts parts, std::vector<document::AnswerPart> step, toolbox::CallContext context);

  void start();
  /// Returns the parts that have not been given.
  const std::vector<document::AnswerPart>& rest() const { return step_; }
  /// Returns the names of the tools that have been called and not ended.
  std::vector<std::string> running() const;
  /// Cancels the calls that run, and returns what has not been given, the cancelled calls cut.
  std::vector<document::AnswerPart> cancel();

 private:
  struct Run {
    std::size_t number;  // of the part, counted from the start
    std::unique_ptr<toolbox::RunningCall> call;
  };
  void start_some();
  void take(std::size_t number, toolbox::CallEnd end);
  void give_some();

  Parts parts_;
  std::vector<document::AnswerPart> step_;
  toolbox::CallContext context_;
  std::size_t given_ = 0;    // parts that have been given
  std::size_t started_ = 0;  // parts up to here have been looked at
  std::vector<Run> runs_;
  std::optional<toolbox::Question> stopped_;  // that nobody could be asked
  bool over_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace chatvim::completion
