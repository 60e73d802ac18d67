// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "chatvim/document/format.hpp"
#include "chatvim/document/message.hpp"
#include "special_lines.hpp"

namespace chatvim::document {

// The form of calls and states in an answer (doc/format.md, section 7).
inline constexpr std::string_view kCallOpen = "<details><summary>Step ";
inline constexpr std::string_view kCallOpenEnd = "</summary>";
inline constexpr std::string_view kStateOpen = "<!-- chatvim:state ";
inline constexpr std::size_t kShortestFence = 3;
/// More steps than any answer may have.
inline constexpr std::size_t kMostSteps = 999'999;

/// Returns whether a text may stand as the name of a tool: letters, digits, `.`, `_` and `-`.
bool is_tool_name(std::string_view text);
/// Returns whether a text may stand as the id of a call, or as the model of a state: at most 500
/// bytes without white space, control characters and backticks.
bool is_id(std::string_view text);

/// Returns the lines of a call for a document. Whatever its fields hold, it reads back as one call:
/// characters of a name or an id that may not stand there become `_`.
std::string write_call(const ToolCall& call, const SpecialLines& special);
/// Returns the lines of a state for a document; `base64` must be base64.
std::string write_state(std::string_view model, std::string_view base64,
                        const SpecialLines& special);

}  // namespace chatvim::document
