// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chatvim::wire {

/// Takes reasoning off the start of an answer: servers that do not part the two send it between
/// tags (`<think>…</think>` and its kin) or channel marks (gpt-oss). Tags may be cut anywhere;
/// later in the answer, or after any other text, they are text. One exception: `</think>` on a line
/// of its own, outside code, with no beginning before it, as chat templates that open the tag
/// themselves leave it.
class ThinkTags {
 public:
  /// What is known to belong where, in this order.
  struct Parted {
    std::string reasoning;
    std::string answer;
    bool was_reasoning = false;  ///< all answer so far was reasoning; a line `</think>` says so
    std::string rest;            ///< the answer after that line
  };
  /// The next text of the answer.
  Parted feed(std::string_view text);
  /// The end of the answer: gives out what was held back as it is.
  Parted finish();

 private:
  enum class State { kStart, kReasoning, kAnswer };
  struct Mark;
  static const Mark kMarks[];

  void feed_start(Parted& out);
  void feed_reasoning(Parted& out);
  void feed_answer(std::string_view text, Parted& out);
  void watch(std::string_view text, Parted& out);
  void follow_fences(std::string_view part);
  bool has_beginning(std::string_view part);

  State state_ = State::kStart;
  const Mark* mark_ = nullptr;  // of the reasoning that is read
  std::string held_;            // what may be a part of a tag
  bool watching_ = true;        // for an end without a beginning
  bool line_start_ = true;
  std::string line_;          // how the current line begins
  bool in_code_ = false;      // inside a fenced code block
  bool in_channels_ = false;  // the answer is in a channel
  std::string tail_;          // the last bytes, in which the beginning of a tag may stand
};

}  // namespace chatvim::wire
