// SPDX-License-Identifier: Apache-2.0
#include "think_tags.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "chatvim/wire/event.hpp"

namespace chatvim::wire {

/// A pair of marks around reasoning. `more` means that another pair may follow.
struct ThinkTags::Mark {
  std::string_view open;
  std::string_view close;
  bool more = false;
};

const ThinkTags::Mark ThinkTags::kMarks[] = {
    {"<think>", "</think>"},
    {"<Think>", "</Think>"},
    {"<THINK>", "</THINK>"},
    {"<thought>", "</thought>"},
    {"<thinking>", "</thinking>"},
    {"<thoughts>", "</thoughts>"},
    {"<reasoning>", "</reasoning>"},
    {"◁think▷", "◁/think▷"},
    {"<seed:think>", "</seed:think>"},
    {"[THINK]", "[/THINK]"},
    {"<|channel|>analysis<|message|>", "<|end|>", true},
    {"<|channel|>commentary<|message|>", "<|end|>", true},
};

namespace {

/// Marks between channels that carry no content.
constexpr std::array<std::string_view, 2> kLeads = {"<|start|>assistant",
                                                    "<|channel|>final<|message|>"};
/// The mark that ends an answer in channels.
constexpr std::string_view kReturn = "<|return|>";
/// Limit of white space before an opening tag, in bytes; an answer that starts with more has no
/// tag.
constexpr std::size_t kMaxSpace = 1024;

/// Returns the length of the longest suffix of `text` that is a proper prefix of `tag`.
std::size_t possible_tag(std::string_view text, std::string_view tag) {
  for (std::size_t n = std::min(text.size(), tag.size() - 1); n > 0; --n) {
    if (text.ends_with(tag.substr(0, n))) return n;
  }
  return 0;
}

/// Whether the text begins with the closing tag and the end of its line.
bool is_lone_end(std::string_view text) {
  if (!text.starts_with(kLoneReasoningEnd)) return false;
  const char next = text[kLoneReasoningEnd.size()];
  return next == '\n' || next == '\r';
}

}  // namespace

ThinkTags::Parted ThinkTags::feed(std::string_view text) {
  Parted out;
  if (state_ == State::kAnswer) {
    feed_answer(text, out);
    return out;
  }
  held_ += text;
  for (State before = State::kAnswer; state_ != before && state_ != State::kAnswer;) {
    before = state_;
    state_ == State::kStart ? feed_start(out) : feed_reasoning(out);
  }
  return out;
}

ThinkTags::Parted ThinkTags::release() {
  if (held_.empty()) return {};
  const State before = state_;
  Parted out = finish();
  if (before == State::kReasoning) state_ = before;
  return out;
}

ThinkTags::Parted ThinkTags::finish() {
  Parted out;
  if (state_ == State::kAnswer && held_ == kLoneReasoningEnd) {
    out.was_reasoning = true;
  } else if (state_ != State::kAnswer || held_ != kReturn) {
    (state_ == State::kReasoning ? out.reasoning : out.answer) = held_;
  }
  held_.clear();
  state_ = State::kAnswer;
  return out;
}

void ThinkTags::feed_start(Parted& out) {
  for (;;) {
    const std::size_t start = std::min(held_.find_first_not_of(" \t\r\n"), held_.size());
    const std::string_view rest = std::string_view(held_).substr(start);
    bool waits = false;
    for (const Mark& mark : kMarks) {
      waits = waits || mark.open.starts_with(rest);
      if (!rest.starts_with(mark.open)) continue;
      held_.erase(0, start + mark.open.size());
      mark_ = &mark;
      in_channels_ = in_channels_ || mark.more;
      state_ = State::kReasoning;
      return;
    }
    const auto* const lead = std::find_if(kLeads.begin(), kLeads.end(), [&](std::string_view one) {
      waits = waits || one.starts_with(rest);
      return rest.starts_with(one);
    });
    if (lead == kLeads.end()) {
      if (waits && start <= kMaxSpace) return;
      break;
    }
    held_.erase(0, start + lead->size());
    in_channels_ = true;
  }
  state_ = State::kAnswer;
  feed_answer(std::exchange(held_, {}), out);
}

void ThinkTags::feed_reasoning(Parted& out) {
  watching_ = false;
  if (const std::size_t close = held_.find(mark_->close); close != std::string::npos) {
    out.reasoning.append(held_, 0, close);
    held_.erase(0, close + mark_->close.size());
    state_ = mark_->more ? State::kStart : State::kAnswer;
    if (!mark_->more) out.answer += std::exchange(held_, {});
    return;
  }
  const std::size_t keep = possible_tag(held_, mark_->close);
  out.reasoning.append(held_, 0, held_.size() - keep);
  held_.erase(0, held_.size() - keep);
}

void ThinkTags::feed_answer(std::string_view text, Parted& out) {
  if (in_channels_) {
    held_ += text;
    const std::size_t keep =
        held_.ends_with(kReturn) ? kReturn.size() : possible_tag(held_, kReturn);
    out.answer.append(held_, 0, held_.size() - keep);
    held_.erase(0, held_.size() - keep);
    return;
  }
  if (!watching_) {
    out.answer += text;
    return;
  }
  const std::string all = std::exchange(held_, {}).append(text);
  watch(all, out);
}

/// Looks for a closing tag without an opening one, at the start of each line.
void ThinkTags::watch(std::string_view text, Parted& out) {
  while (!text.empty()) {
    const bool may_end = line_start_ && !in_code_;
    if (may_end && kLoneReasoningEnd.starts_with(text)) {
      held_ = text;
      return;
    }
    if (may_end && is_lone_end(text)) {
      watching_ = false;
      out.was_reasoning = true;
      out.rest = text.substr(kLoneReasoningEnd.size());
      return;
    }
    // Skip to the next line that begins like a tag.
    std::size_t end = text.find("\n<");
    end = end == std::string_view::npos ? text.size() : end + 1;
    const std::string_view part = text.substr(0, end);
    if (has_beginning(part)) {
      watching_ = false;
      out.answer += text;
      return;
    }
    line_start_ = part.back() == '\n';
    follow_fences(part);
    out.answer += part;
    text.remove_prefix(end);
  }
}

/// Updates `in_code_`: whether the line after this part of the answer is in a fenced code block.
void ThinkTags::follow_fences(std::string_view part) {
  constexpr std::string_view kFence = "```";
  for (const char c : part) {
    if (c == '\n') {
      if (line_ == kFence) in_code_ = !in_code_;
      line_.clear();
    } else if (line_.size() < kFence.size() && (c != ' ' || !line_.empty())) {
      line_.push_back(c);
    }
  }
}

/// Whether the answer so far, including this next part, contains the start of an opening tag.
bool ThinkTags::has_beginning(std::string_view part) {
  constexpr std::string_view kOpen = "<think";
  if (part.find(kOpen) != std::string_view::npos) return true;
  tail_.append(part.substr(0, kOpen.size()));
  if (tail_.find(kOpen) != std::string::npos) return true;
  tail_ = part.substr(part.size() - possible_tag(part, kOpen));
  return false;
}

}  // namespace chatvim::wire
