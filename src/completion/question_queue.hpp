// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "chatvim/loop/loop.hpp"
#include "chatvim/toolbox/question.hpp"

namespace chatvim::completion {

/// Asks one question at a time. A decision that holds for longer answers the waiting questions
/// about the same thing as well.
class QuestionQueue {
 public:
  using Reply = std::function<void(toolbox::Decision)>;

  /// `on_change` is called when asking begins or ends.
  QuestionQueue(loop::Loop& loop, toolbox::Asker ask, std::function<void()> on_change);

  void add(const toolbox::Question& question, Reply reply);
  /// Returns whether the user is being asked.
  bool is_asking() const { return !waiting_.empty(); }
  /// Forgets all questions; nothing is replied.
  void clear();

 private:
  struct Entry {
    toolbox::Question question;
    Reply reply;
  };
  void ask_next();
  void take(const toolbox::Decision& decision);

  loop::Loop& loop_;
  toolbox::Asker ask_;
  std::function<void()> on_change_;
  std::deque<Entry> waiting_;  // the first is being asked
  std::size_t number_ = 0;     // of the question being asked
  std::shared_ptr<QuestionQueue*> alive_;
};

}  // namespace chatvim::completion
