// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "chatvim/chat/chat.hpp"
#include "chatvim/error.hpp"

namespace chatvim::chat {

/// Returns the mode named "answer", "continue" or "retry", or nothing for another name.
std::optional<Mode> mode_of(std::string_view name);

/// Prepares a chat, whose lines are `lines`, for an answer in the given mode. Continuing leaves the
/// kept text as its last message; retrying removes the last answer; both set `place`. The error
/// says why the chat cannot be answered in this mode.
Result<void> prepare(Chat& chat, std::span<const std::string_view> lines, Mode mode);

}  // namespace chatvim::chat
