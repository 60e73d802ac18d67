// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/chat/chat.hpp"
#include "chatvim/chat/set_value.hpp"
#include "chatvim/document/message.hpp"
#include "chatvim/error.hpp"

namespace chatvim::chat {

/// Longest title that `set_title` writes, in characters.
inline constexpr std::size_t kMostTitle = 200;

/// Whether the chat's settings want a provenance below each answer.
bool wants_provenance(const Chat& chat);

/// Returns the edit that appends answers of several models to a chat's last question: the first is
/// the answer, the others follow folded in it. Those without text are left out. All of them name
/// their model; the rest of the provenance is written if the chat wants that.
Result<LineEdit> append_answers(const Chat& chat, std::span<const std::string_view> lines,
                                std::vector<document::OtherAnswer> answers);

/// Returns the edit that makes the other answer at a row (from 0) the answer.
Result<LineEdit> choose_answer(const Chat& chat, std::span<const std::string_view> lines,
                               std::size_t row);

/// Returns the edit that sets the chat's title. The title becomes one line of at most `kMostTitle`
/// characters.
Result<LineEdit> set_title(std::span<const std::string_view> lines, std::string_view title);

}  // namespace chatvim::chat
