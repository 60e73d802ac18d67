// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace chatvim::chat {

/// The warning at a line of an answer that begins like one of its blocks but begins none
/// (`document::Message::broken_blocks`).
inline constexpr std::string_view kBrokenBlock =
    "Put a backslash before this line or repair the block: it begins like a tool call, its state "
    "or another answer, but the block is not valid, so it is sent as text.";

}  // namespace chatvim::chat
