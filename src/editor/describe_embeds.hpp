// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chatvim/chat/chat.hpp"
#include "chatvim/chat/origin.hpp"
#include "chatvim/json.hpp"
#include "chatvim/provider/table.hpp"
#include "chatvim/store/calibration.hpp"

namespace chatvim::editor {

/// What each embed of a chat holds and what the chat is with all that can be read of them, as the
/// fields of the protocol's answer to `embeds`. Whatever stands in the way of sending is told
/// beside the rest: a file that is missing, a limit, a model that nobody knows or has a key for.
Json describe_embeds(chat::Chat chat, const chat::Origin& origin, const Environment& environment,
                     store::Calibration* calibration);

}  // namespace chatvim::editor
