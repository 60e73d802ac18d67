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
#include "chatvim/schema/schema.hpp"
#include "chatvim/tools/tool.hpp"

namespace chatvim::wire {

/// The content of a request, independent of the provider that it goes to.
struct Prompt {
  std::string model;
  std::span<const document::Message> messages;           ///< valid UTF-8
  std::vector<std::pair<std::string, Json>> parameters;  ///< with the names used in the document
  const Json* body = nullptr;     ///< the user's `[body]`, merged over everything else; or null
  std::vector<std::string> omit;  ///< keys to remove from the body, whatever set them
  /// The model's limit of output tokens, for wire formats that require one.
  std::optional<std::int64_t> max_output = std::nullopt;
  bool continues = false;  ///< the last message is the assistant's and is to be continued
  /// Request the reasoning text, for formats that send it only on request.
  bool wants_reasoning = false;
  std::span<const tools::Tool> tools = {};  ///< offered to the model, in this order
  bool web_search = false;                  ///< the provider may search the web
  const schema::Schema* schema = nullptr;   ///< that the answer must fit, or null
  /// PROVIDER/MODEL: only states with this name go back to the provider.
  std::string state_of = {};
  /// Pictures and PDFs are written as their type and size, so that a dry run does not print
  /// megabytes.
  bool describes_media = false;
};

/// Returns the body of a request as JSON, in the provider's wire format and with its parameter
/// names. The same prompt gives the same bytes. The body holds the model, the messages, `stream`,
/// and the parameters set in the document or the configuration. Anything else is either required by
/// the wire format (a token limit) or keeps the chat private and cheap (`store`, `cache_control`).
std::string encode_body(const provider::Provider& provider, const Prompt& prompt);

/// Returns the members of that body as they are sent, with null in place of the chat's text.
Json encode_members(const provider::Provider& provider, const Prompt& prompt);

/// Whether `name` is one of the names that APIs use for the limit of output tokens.
bool is_token_limit(std::string_view name);

/// Returns the text of the last turn in the body, including adjacent messages joined into it.
std::string last_turn(const provider::Provider& provider, const Prompt& prompt);

/// Returns where the body holds the parameter that the document calls `name`: its key, or a path of
/// keys separated by dots.
std::string name_in_body(const provider::Provider& provider, std::string_view name);

/// Returns the header fields of a request: the content type, the user's own fields, and the key if
/// there is one.
std::vector<std::pair<std::string, std::string>> encode_headers(const provider::Provider& provider,
                                                                std::string_view key);

}  // namespace chatvim::wire
