// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "chatvim/chat/chat.hpp"
#include "chatvim/error.hpp"

namespace chatvim::chat {

/// The mode of that name: "answer", "continue" or "retry"; or nothing.
std::optional<Mode> mode_of(std::string_view name);

/// Makes a chat ready to be answered in a mode: going on with the last answer leaves the kept text
/// as its last message, asking again leaves the answer out; both give it a place. The error says
/// why the chat, whose lines these are, cannot be answered so.
Result<void> prepare(Chat& chat, std::span<const std::string_view> lines, Mode mode);

}  // namespace chatvim::chat
