// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chatvim::provider {

/// Takes a `<think>…</think>` block off the start of an answer: servers that do not part reasoning
/// from the answer send it that way. Tags may be cut anywhere; later in the answer, or after any
/// other text, they are text.
class ThinkTags {
 public:
  /// The next text of the answer; appends to `answer` and `reasoning` what is known to belong
  /// there.
  void feed(std::string_view text, std::string& answer, std::string& reasoning);
  /// The end of the answer: gives out what was held back as it is.
  void finish(std::string& answer, std::string& reasoning);

 private:
  enum class State { kStart, kReasoning, kAnswer };
  void feed_start(std::string& answer, std::string& reasoning);
  void feed_reasoning(std::string& answer, std::string& reasoning);

  State state_ = State::kStart;
  std::string held_;  // what may be a part of a tag
};

}  // namespace chatvim::provider
