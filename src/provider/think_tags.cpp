// SPDX-License-Identifier: Apache-2.0
#include "think_tags.hpp"

#include <algorithm>

namespace chatvim::provider {
namespace {

constexpr std::string_view kOpen = "<think>";
constexpr std::string_view kClose = "</think>";
/// White space before a tag that is waited for; an answer that starts with more has no tag.
constexpr std::size_t kMaxSpace = 1024;

/// Length of the longest end of `text` that a tag could start with.
std::size_t possible_tag(std::string_view text, std::string_view tag) {
  for (std::size_t n = std::min(text.size(), tag.size() - 1); n > 0; --n) {
    if (text.ends_with(tag.substr(0, n))) return n;
  }
  return 0;
}

}  // namespace

void ThinkTags::feed(std::string_view text, std::string& answer, std::string& reasoning) {
  if (state_ == State::kAnswer) {
    answer += text;
    return;
  }
  held_ += text;
  if (state_ == State::kStart) feed_start(answer, reasoning);
  if (state_ == State::kReasoning) feed_reasoning(answer, reasoning);
}

void ThinkTags::finish(std::string& answer, std::string& reasoning) {
  (state_ == State::kReasoning ? reasoning : answer) += held_;
  held_.clear();
  state_ = State::kAnswer;
}

void ThinkTags::feed_start(std::string& answer, std::string& reasoning) {
  const std::size_t start = std::min(held_.find_first_not_of(" \t\r\n"), held_.size());
  const std::string_view rest = std::string_view(held_).substr(start);
  if (rest.starts_with(kOpen)) {
    held_.erase(0, start + kOpen.size());
    state_ = State::kReasoning;
  } else if (!kOpen.starts_with(rest) || start > kMaxSpace) {
    finish(answer, reasoning);
  }
}

void ThinkTags::feed_reasoning(std::string& answer, std::string& reasoning) {
  if (const std::size_t close = held_.find(kClose); close != std::string::npos) {
    reasoning.append(held_, 0, close);
    held_.erase(0, close + kClose.size());
    state_ = State::kAnswer;
    finish(answer, reasoning);
    return;
  }
  const std::size_t keep = possible_tag(held_, kClose);
  reasoning.append(held_, 0, held_.size() - keep);
  held_.erase(0, held_.size() - keep);
}

}  // namespace chatvim::provider
