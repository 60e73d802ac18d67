// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chatvim/api.hpp"
#include "chatvim/wire/encoder.hpp"
#include "encoder_turns.hpp"

namespace chatvim::wire {

/// Whether the request has the member `tools`.
bool has_offers(const provider::Provider& provider, const Prompt& prompt, const Turns& turns);

/// Whether the tools are only those that the chat has calls of, none of which is offered: Messages
/// rejects calls in the history without definitions.
bool offers_only_history(const provider::Provider& provider, const Prompt& prompt,
                         const Turns& turns);

/// Appends the value of `tools`: what the model may call, in the order of the prompt, then the
/// provider's own web search. The schemas are not changed, except that a missing `type` or
/// `properties` is added.
void append_offers(std::string& out, const provider::Provider& provider, const Prompt& prompt,
                   const Turns& turns);

}  // namespace chatvim::wire
