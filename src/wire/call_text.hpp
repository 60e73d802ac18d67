// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "chatvim/document/message.hpp"

namespace chatvim::wire {

/// A call of a tool as it goes into a request. Points into the messages.
struct Call {
  const document::ToolCall* recorded = nullptr;
  std::string id;            ///< valid for the provider, unique in the request
  std::string name;          ///< as on the wire
  bool has_object = true;    ///< the arguments are a JSON object
  std::string item_id = {};  ///< Responses: the id of the item; empty: it is left out
  std::string extra = {};    ///< Chat Completions: `extra_content`, an object; may be empty
};

/// Whether the recorded arguments are a JSON object (RFC 8259), as every provider requires.
bool has_object(const document::ToolCall& call);

/// Returns the arguments as a JSON object: the recorded text byte for byte if it is one; `{}` if it
/// is empty; else an object with that text as its member `malformed`, so that the model sees what
/// it wrote.
std::string arguments_of(const Call& call);

/// Whether the result of a call is an error: the tool failed, or the call was refused, stopped or
/// never run.
bool is_error(const Call& call);

/// Appends the result as a JSON string. `says_error` is for formats that have no mark for errors:
/// the text then begins with "Error: ".
void append_result(std::string& out, const Call& call, bool says_error);

}  // namespace chatvim::wire
