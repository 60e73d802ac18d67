// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chatvim/api.hpp"

namespace chatvim::wire {

/// An item of a state, for Messages or Responses.
struct StateItem {
  enum class Kind {
    kOpaque,  ///< goes back as it came: thinking, reasoning
    kText,    ///< stands for a text of the answer
    kCall     ///< Responses: stands for a call
  };
  Kind kind = Kind::kOpaque;
  std::string json = {};     ///< of an opaque item
  bool is_thought = true;    ///< of an opaque item: thinking or reasoning
  std::string phase = {};    ///< Responses: of a text; may be empty
  std::string call_id = {};  ///< of a call, as recorded in the document
  std::string id = {};       ///< of a call: the id of its item
};

/// Returns the items of a state (base64 of a JSON array) that the wire format takes back. Only
/// known members of known types are kept, because a document may come from anybody. Empty for a
/// state that cannot be read or is larger than 8 MiB.
std::vector<StateItem> read_state_items(std::string_view base64, Api api);

/// What a state holds for Chat Completions: members of one assistant message.
struct ChatState {
  bool has_reasoning = false;  ///< there is a `reasoning_content`
  std::string reasoning = {};  ///< `reasoning_content`
  std::string details = {};    ///< `reasoning_details`, a JSON array; empty if there are none
  std::vector<std::string> calls = {};  ///< `extra_content` of each call, or ""
};

/// Adds what a state holds to `out`; nothing if it cannot be read, as above.
void read_chat_state(std::string_view base64, ChatState& out);

}  // namespace chatvim::wire
