// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chatvim/chat/chat.hpp"
#include "chatvim/chat/origin.hpp"
#include "chatvim/json.hpp"
#include "chatvim/provider/table.hpp"
#include "chatvim/store/calibration.hpp"

namespace chatvim::editor {

/// Returns what each embed of a chat contains and the size of the chat with all readable embeds, as
/// the fields of the protocol's answer to `embeds`. Problems that would prevent sending (a missing
/// file, a limit, an unknown model, a missing key) do not prevent this.
Json describe_embeds(chat::Chat chat, const chat::Origin& origin, const Environment& environment,
                     store::Calibration* calibration);

}  // namespace chatvim::editor
