// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/chat/chat.hpp"
#include "chatvim/chat/context_file.hpp"
#include "chatvim/chat/origin.hpp"
#include "chatvim/chat/plan.hpp"
#include "chatvim/embed/expand.hpp"
#include "chatvim/error.hpp"
#include "chatvim/json.hpp"
#include "chatvim/provider/table.hpp"

namespace chatvim::chat {

/// Something that a document requests but may not have without the user's permission.
struct Demand {
  enum class Kind {
    kBody,   ///< members of the request's body
    kServer  ///< a server on the user's machine that was neither used nor named before
  };
  Kind kind = Kind::kBody;
  std::string mark;  ///< key of the stored permission: a hash of `text`, or the provider's name
  std::string text;  ///< what the document requests
};

/// Why a chat was not sent: the error, and what the user can decide about.
struct Blocker {
  Error error;
  std::vector<embed::Outside> outside = {};
  std::vector<embed::Secret> secrets = {};
  std::vector<std::string> unsaved = {};
  std::optional<ContextFile> context = {};  ///< a `.chatvim.md` that the user has not decided about
  std::optional<Demand> demand = {};
};

/// Returns why something needs permission, as a clause that follows "which".
std::string_view reason_of(const embed::Outside& outside);

/// Returns what the user must allow for an item of an expansion, or null.
const embed::Outside* outside_of(const embed::Expansion& expansion, const embed::Item& item);

/// Describes what an embed holds in a few words for display, or why it cannot be sent.
std::string words_for(const embed::Item& item, const embed::Outside* outside,
                      std::optional<std::size_t> tokens);

/// Returns the blocker for a context file that the user has not decided about yet.
Blocker offered_context(ContextFile file);

/// Returns the fields, other than the error, that the protocol's `ended` and `result` contain.
Json describe_details(const Blocker& blocker);

/// Returns the name of a demand in the protocol's `allow` and on the command line, such as
/// "body:HASH".
std::string name_of(const Demand& demand);

/// Returns the first demand of the chat's documents that the user has not allowed yet.
std::optional<Blocker> find_demand(const Chat& chat, const Origin& origin,
                                   const Environment& environment);

/// Remembers a local server that the user has named or allowed, so that documents may choose it
/// from now on.
void remember_use(const Chat& chat, const Origin& origin, const Environment& environment);

/// Returns the request of a chat that was read from `lines`, for an answer in the given mode, with
/// its embeds in place. Whatever prevents it, or must be allowed first, is the blocker.
tl::expected<Plan, Blocker> plan_request(ChatReading& reading,
                                         std::span<const std::string_view> lines,
                                         const Origin& origin, Mode mode, Purpose purpose,
                                         const Environment& environment,
                                         store::Calibration* calibration);

/// Returns where the chat's embeds are looked for, and what may be read.
embed::Context embed_context(const Chat& chat, const Origin& origin,
                             const Environment& environment);

/// Expands the chat's embeds in place, as far as possible. The messages stay in the chat; the
/// result holds the rest of the expansion.
embed::Expansion expand_embeds(Chat& chat, const Origin& origin, const Environment& environment);

/// The same for sending: anything that prevents sending is an error. Reads the chat's schema too.
tl::expected<void, Blocker> embed_files(Chat& chat, const Origin& origin,
                                        const Environment& environment);

}  // namespace chatvim::chat
