// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chatvim/completion/calibration.hpp"
#include "chatvim/completion/chat.hpp"
#include "chatvim/completion/origin.hpp"
#include "chatvim/json.hpp"
#include "chatvim/provider/table.hpp"

namespace chatvim::completion {

/// What each embed of a chat holds and what the chat is with all that can be read of them, as the
/// fields of the protocol's answer to `embeds`. Whatever stands in the way of sending is told
/// beside the rest: a file that is missing, a limit, a model that nobody knows or has a key for.
Json describe_embeds(Chat chat, const Origin& origin, const provider::Environment& environment,
                     Calibration* calibration);

}  // namespace chatvim::completion
