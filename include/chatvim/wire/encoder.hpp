// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chatvim/document/message.hpp"
#include "chatvim/json.hpp"
#include "chatvim/provider/table.hpp"

namespace chatvim::wire {

/// What a request says, apart from who it goes to.
struct Prompt {
  std::string model;
  std::span<const document::Message> messages;           ///< valid UTF-8
  std::vector<std::pair<std::string, Json>> parameters;  ///< under the document's names
  const Json* body = nullptr;     ///< the user's `[body]`, merged over all else; or null
  std::vector<std::string> omit;  ///< keys left out, whoever put them there
  /// The most output tokens of the model, for wire formats that must be told a limit.
  std::optional<std::int64_t> max_output = std::nullopt;
  bool continues = false;        ///< the last message is the assistant's, to be gone on with
  bool wants_reasoning = false;  ///< the text of the reasoning is asked for where that is needed
  /// Pictures and PDFs are written as their type and size: for a dry run, which shows no megabytes.
  bool describes_media = false;
};

/// The body of a request as JSON text, in the provider's wire format and under its names; the same
/// prompt gives the same bytes. It holds the model, the messages, `stream`, and what the document
/// or the configuration names; else only what the wire format cannot do without or what keeps the
/// chat private and cheap: a limit of tokens, `store`, `cache_control`.
std::string encode_body(const provider::Provider& provider, const Prompt& prompt);

/// The members of that body as they are sent, but for the texts of the chat: null stands for those.
Json encode_members(const provider::Provider& provider, const Prompt& prompt);

/// Whether a member of a body limits the tokens of the answer, whatever the provider calls it.
bool is_token_limit(std::string_view name);

/// The text of the last turn in the body: with neighbours that were joined to it.
std::string last_turn(const provider::Provider& provider, const Prompt& prompt);

/// Where the body holds a parameter that the document calls `name`: its key, or a path with a dot
/// between keys.
std::string name_in_body(const provider::Provider& provider, std::string_view name);

/// The header fields of a request: content type, the user's own, and the key where there is one.
std::vector<std::pair<std::string, std::string>> encode_headers(const provider::Provider& provider,
                                                                std::string_view key);

}  // namespace chatvim::wire
