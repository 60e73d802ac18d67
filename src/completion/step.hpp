// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/document/message.hpp"
#include "chatvim/json.hpp"
#include "chatvim/tools/tool.hpp"
#include "chatvim/wire/event.hpp"

namespace chatvim::completion {

/// The calls of one response, and what stands between them: from its first call on, nothing of a
/// response is written until the calls before it have results.
class Step {
 public:
  /// `number` is the step's in the answer; `model` is PROVIDER/NAME, for states; `tools` are those
  /// that were offered.
  Step(std::size_t number, std::string model, std::vector<tools::Tool> tools);

  bool has_calls() const { return !calls_.empty(); }
  /// Takes text. Returns whether it is to be written at once.
  bool take_text(std::string_view text);
  void take_state(const wire::State& state);
  void take_call(const wire::ToolCall& call);
  void take_arguments(const wire::ToolArguments& arguments);
  /// Returns the parts from the first call on. The calls are open, or cut if the response was.
  std::vector<document::AnswerPart> take_parts(bool was_cut);

 private:
  /// A call, and where its part is in `parts_`.
  struct Call {
    int index;
    std::size_t part;
  };
  void end_span();
  void move_tail();

  std::size_t number_;
  std::string model_;
  std::vector<tools::Tool> tools_;
  std::vector<document::AnswerPart> parts_;
  std::vector<Call> calls_;
  std::vector<std::string> items_;  ///< of states since the last call
  bool any_item_ = false;           ///< one of them is more than a placeholder for text
  std::string text_;                ///< since the last call, if there was one
  std::string of_turn_;             ///< the state of the whole response
};

}  // namespace chatvim::completion
