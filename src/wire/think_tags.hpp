// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chatvim::wire {

/// Separates reasoning from the start of an answer. Servers that do not separate the two send the
/// reasoning between tags (`<think>…</think>` and the like) or channel marks (gpt-oss). Tags may be
/// split anywhere. After any other text, they are text, with one exception: a `</think>` on a line
/// of its own, outside code, without an opening tag before it. Chat templates that open the tag
/// themselves produce it.
class ThinkTags {
 public:
  /// The text that has been classified, in this order.
  struct Parted {
    std::string reasoning;
    std::string answer;
    bool was_reasoning = false;  ///< all answer so far was reasoning: a line `</think>` came
    std::string rest;            ///< the answer after that line
  };
  /// Takes the next text of the answer.
  Parted feed(std::string_view text);
  /// Returns the text that was held back, because something else comes before more text. Reasoning
  /// stays open.
  Parted release();
  /// Marks the end of the answer and returns the text that was held back, unchanged.
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
  const Mark* mark_ = nullptr;  // of the current reasoning
  std::string held_;            // text that may be part of a tag
  bool watching_ = true;        // for a closing tag without an opening one
  bool line_start_ = true;
  std::string line_;          // the beginning of the current line
  bool in_code_ = false;      // inside a fenced code block
  bool in_channels_ = false;  // the answer is in a channel
  std::string tail_;          // the last bytes, which may be the start of a tag
};

}  // namespace chatvim::wire
