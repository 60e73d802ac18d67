// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tl/expected.hpp>

#include "chatvim/chat/chat.hpp"
#include "chatvim/chat/embeds.hpp"
#include "chatvim/environment.hpp"

namespace chatvim::chat {

/// Reads the file that the setting `schema` names into the chat, by the rules of embeds: what lies
/// outside must be allowed, unless the user's own settings name the file.
tl::expected<void, Blocker> read_answer_schema(Chat& chat, const Origin& origin,
                                               const Environment& environment);

}  // namespace chatvim::chat
