// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/chat/chat.hpp"
#include "chatvim/chat/context_file.hpp"
#include "chatvim/chat/origin.hpp"
#include "chatvim/embed/expand.hpp"
#include "chatvim/error.hpp"
#include "chatvim/json.hpp"
#include "chatvim/provider/table.hpp"

namespace chatvim::chat {

/// Something that a document asks for and no document may have by itself: the user is asked.
struct Demand {
  enum class Kind {
    kBody,   ///< members of the request's body
    kServer  ///< a server of the user's own machine that was not used or named yet
  };
  Kind kind = Kind::kBody;
  std::string mark;  ///< what a yes is remembered by: a hash of the text, or the provider's name
  std::string text;  ///< what is asked for
};

/// Why a chat was not sent: the error, and what can be asked about.
struct Hindrance {
  Error error;
  std::vector<embed::Outside> outside = {};
  std::vector<embed::Secret> secrets = {};
  std::vector<std::string> unsaved = {};
  std::optional<ContextFile> context = {};  ///< a `.chatvim.md` that is offered
  std::optional<Demand> demand = {};
};

/// Why something has to be allowed, as what follows "which".
std::string_view reason_of(const embed::Outside& outside);

/// A chat is not sent before the user has decided about that file.
Hindrance offered_context(ContextFile file);

/// What of it the protocol's `ended` and `result` hold besides the error.
Json describe_details(const Hindrance& hindrance);

/// What a yes to this is called in the protocol's `allow` and on the command line, as in
/// "body:HASH".
std::string name_of(const Demand& demand);

/// What the chat's documents demand and the user has not allowed yet, as the first of it.
std::optional<Hindrance> find_demand(const Chat& chat, const Origin& origin,
                                     const Environment& environment);

/// Remembers a server of this machine that the user has named on the command line: from now on
/// documents may choose it.
void remember_use(const Chat& chat, const Origin& origin, const Environment& environment);

/// Puts what the chat embeds in place, as far as nothing stands in the way. The messages stay the
/// chat's; the rest is what its embeds hold.
embed::Expansion expand_embeds(Chat& chat, const Origin& origin, const Environment& environment);

/// The same for sending: something that stands in the way is an error.
tl::expected<void, Hindrance> embed_files(Chat& chat, const Origin& origin,
                                          const Environment& environment);

}  // namespace chatvim::chat
