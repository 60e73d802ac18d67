// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chatvim/document/message.hpp"
#include "sections.hpp"
#include "special_lines.hpp"

namespace chatvim::document {

/// Returns the parts of an answer's text; empty if it has neither a call nor a state. The `line` of
/// a call counts from the first of these lines. What begins like a call or a state and is none is
/// text.
std::vector<AnswerPart> read_answer(Lines text, const SpecialLines& special);

/// Returns the text of an answer without its calls and states; blank lines part what stood between
/// them.
std::string text_of(const std::vector<AnswerPart>& parts);

/// Returns the lines of a call, or a state, for a document.
std::string write_call(const ToolCall& call, const SpecialLines& special);
std::string write_state(std::string_view model, std::string_view base64);

}  // namespace chatvim::document
