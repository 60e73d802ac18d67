// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/document/message.hpp"

namespace chatvim::provider {

/// Texts that become one, a blank line between them; they point into the messages.
using Texts = std::vector<std::string_view>;

/// What one side says, of one message or of neighbours of one role.
struct Turn {
  document::Role role = document::Role::kUser;
  Texts texts;
};

/// How the messages of a chat are put together for a wire format.
struct Arrangement {
  bool joins_roles = false;   ///< neighbours of one role become one turn
  bool system_apart = false;  ///< system text is no turn
};

/// The messages of a chat, put together.
struct Turns {
  Texts system;  ///< only where it is apart
  std::vector<Turn> turns;
  bool continues = false;  ///< the last one is to be gone on with
};

Turns arrange(std::span<const document::Message> messages, Arrangement arrangement);

/// The texts as one.
std::string join(const Texts& texts);

/// Appends the texts as one JSON string.
void append_json_texts(std::string& out, const Texts& texts);

}  // namespace chatvim::provider
