// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chatvim/completion/chat.hpp"
#include "chatvim/completion/origin.hpp"
#include "chatvim/embed/expand.hpp"
#include "chatvim/error.hpp"
#include "chatvim/json.hpp"
#include "chatvim/provider/table.hpp"

namespace chatvim::completion {

/// Why a chat with embeds was not sent: the error, and what can be asked about.
struct Hindrance {
  Error error;
  std::vector<embed::Outside> outside = {};
  std::vector<embed::Secret> secrets = {};
  std::vector<std::string> unsaved = {};
  std::string context = {};  ///< a `.chatvim.md` that is offered
};

/// A chat is not sent before the user has decided about that file.
Hindrance offered_context(std::string path);

/// What of it the protocol's `ended` and `result` hold besides the error.
Json describe_details(const Hindrance& hindrance);

/// Puts what the chat embeds in place, as far as nothing stands in the way. The messages stay the
/// chat's; the rest is what its embeds hold.
embed::Expansion expand_embeds(Chat& chat, const Origin& origin,
                               const provider::Environment& environment);

/// The same for sending: something that stands in the way is an error.
tl::expected<void, Hindrance> embed_files(Chat& chat, const Origin& origin,
                                          const provider::Environment& environment);

}  // namespace chatvim::completion
