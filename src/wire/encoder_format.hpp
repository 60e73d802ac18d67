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

/// What distinguishes one wire format of requests from another.
struct EncoderFormat {
  std::string_view turns_key;   ///< the member that holds the turns
  std::string_view system_key;  ///< the member for system text, if it is separate; or empty
  bool joins_roles;             ///< turns of one role are always joined, for every provider
  /// Maps the document's names of parameters to their paths in the body (keys separated by dots).
  /// Empty if the provider's row defines them.
  std::span<const std::pair<std::string_view, std::string_view>> names;
  /// Adds the members that the format itself needs; they come before the parameters.
  void (*add_own)(Json& body, const provider::Provider& provider, const Prompt& prompt,
                  const Turns& turns);
  /// Converts a parameter's value to the form that the format uses.
  Json (*value_of)(std::string_view name, const Json& value);
  void (*append_turns)(std::string& out, const provider::Provider& provider, const Turns& turns);
  void (*append_system)(std::string& out, const provider::Provider& provider, const Pieces& pieces);
};

extern const EncoderFormat kChatFormat;
extern const EncoderFormat kResponsesFormat;
extern const EncoderFormat kMessagesFormat;

/// Returns the value unchanged.
Json same_value(std::string_view name, const Json& value);
/// Appends the texts as one string.
void append_plain_system(std::string& out, const provider::Provider& provider,
                         const Pieces& pieces);
/// Appends the start of a turn, up to its content.
void append_role(std::string& out, std::string_view role);

}  // namespace chatvim::wire
