// SPDX-License-Identifier: Apache-2.0
#include "question_queue.hpp"

#include <utility>
#include <vector>

namespace chatvim::completion {

QuestionQueue::QuestionQueue(loop::Loop& loop, toolbox::Asker ask, std::function<void()> on_change)
    : loop_(loop),
      ask_(std::move(ask)),
      on_change_(std::move(on_change)),
      alive_(std::make_shared<QuestionQueue*>(this)) {}

void QuestionQueue::add(const toolbox::Question& question, Reply reply) {
  waiting_.push_back({question, std::move(reply)});
  if (waiting_.size() > 1) return;
  on_change_();
  ask_next();
}

void QuestionQueue::clear() {
  waiting_.clear();
  ++number_;
}

void QuestionQueue::ask_next() {
  if (waiting_.empty()) return;
  const std::size_t number = ++number_;
  // A late or second reply is dropped. From the loop, so that a reply at once is no recursion.
  ask_(waiting_.front().question,
       [this, number, still = std::weak_ptr(alive_)](toolbox::Decision decision) {
         if (still.expired()) return;
         loop_.post([this, number, still, decision = std::move(decision)] {
           if (!still.expired() && number == number_ && !waiting_.empty()) take(decision);
         });
       });
}

void QuestionQueue::take(const toolbox::Decision& decision) {
  using Kind = toolbox::Decision::Kind;
  const std::string mark = waiting_.front().question.mark;
  std::vector<Reply> replies{std::move(waiting_.front().reply)};
  waiting_.pop_front();
  ++number_;
  const bool lasts = decision.kind == Kind::kAnswer || decision.kind == Kind::kSession ||
                     decision.kind == Kind::kAlways;
  for (auto entry = waiting_.begin(); lasts && entry != waiting_.end();) {
    if (entry->question.mark == mark) {
      replies.push_back(std::move(entry->reply));
      entry = waiting_.erase(entry);
    } else {
      ++entry;
    }
  }
  const std::weak_ptr still(alive_);
  for (const Reply& reply : replies) {
    reply(decision);
    if (still.expired()) return;
  }
  on_change_();
  if (!still.expired()) ask_next();
}

}  // namespace chatvim::completion
