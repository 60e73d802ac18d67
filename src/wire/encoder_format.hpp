// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "chatvim/json.hpp"
#include "chatvim/wire/encoder.hpp"
#include "encoder_turns.hpp"

namespace chatvim::wire {

/// What sets one wire format of requests apart from another.
struct EncoderFormat {
  std::string_view turns_key;   ///< the member that holds the turns
  std::string_view system_key;  ///< the member that holds system text apart; or empty
  bool joins_roles;             ///< whoever the provider is
  /// The document's names of parameters and where they stand in the body, a dot between keys; empty
  /// where the provider's row says it.
  std::span<const std::pair<std::string_view, std::string_view>> names;
  /// Members that no user asked for; they come before the parameters.
  void (*add_own)(Json& body, const provider::Provider& provider, const Prompt& prompt);
  /// A parameter's value as the format wants it.
  Json (*value_of)(std::string_view name, const Json& value);
  void (*append_turns)(std::string& out, const provider::Provider& provider, const Turns& turns);
  void (*append_system)(std::string& out, const provider::Provider& provider, const Pieces& pieces);
};

extern const EncoderFormat kChatFormat;
extern const EncoderFormat kResponsesFormat;
extern const EncoderFormat kMessagesFormat;

/// The value as it is.
Json same_value(std::string_view name, const Json& value);
/// Appends the texts as one string.
void append_plain_system(std::string& out, const provider::Provider& provider,
                         const Pieces& pieces);
/// Appends the start of a turn, up to its content.
void append_role(std::string& out, std::string_view role);

}  // namespace chatvim::wire
