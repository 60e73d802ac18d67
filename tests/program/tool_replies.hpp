// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "standin.hpp"

namespace chatvim::testing {

/// A call as a model makes it.
struct Called {
  std::string id;
  std::string name;       ///< on the wire, such as "files__read"
  std::string arguments;  ///< JSON
};

/// Returns a reply of Chat Completions that calls tools, after a text if there is one.
Json calls(const std::vector<Called>& all, const std::string& text = "",
           const std::string& finish = "tool_calls");

/// Returns an event of Chat Completions with this delta, a step of a reply.
Json chat_delta(const Json& delta);

/// A block of Messages: its start, and the deltas that follow.
struct Block {
  Json start;
  std::vector<Json> deltas = {};
};

/// Returns a call as a block of Messages, its arguments in two pieces after an empty one.
Block tool_use(const Called& call);
Block text_block(const std::string& text);
/// Returns a reply of Messages.
Json messages_reply(const std::vector<Block>& blocks, const std::string& stop_reason);

/// Returns a call as an item of Responses.
Json function_call(const Called& call);
/// Returns a text as an item of Responses; `more` is merged into it.
Json text_item(const std::string& text, const Json& more = Json::object());
/// Returns a reply of Responses with these items, which ends as `status` says: "completed" or
/// "incomplete".
Json responses_reply(const std::vector<Json>& items, const std::string& status = "completed");

/// Returns the configuration of a server "demo" of tools, the scripted one, for a config.md;
/// `arguments` is appended to its command, `more` to its table.
std::string demo_server(const std::string& arguments = "", const std::string& more = "");

/// Returns the body of a recorded request.
Json body_of(const Json& request);
/// Returns the messages of a recorded request.
Json messages_of(const Json& request);

}  // namespace chatvim::testing
