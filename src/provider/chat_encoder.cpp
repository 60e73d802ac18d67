// SPDX-License-Identifier: Apache-2.0
// Requests of OpenAI Chat Completions.
#include <nlohmann/json.hpp>

#include "encoder_format.hpp"

namespace chatvim::provider {
namespace {

void add_own(Json& body, const Provider& provider, const Prompt& /*prompt*/) {
  if (provider.reports_usage) body["stream_options"] = {{"include_usage", true}};
}

void append_turns(std::string& out, const Provider& /*provider*/, const Turns& turns) {
  out.push_back('[');
  // Only a provider that wants it first has system text apart here.
  if (!turns.system.empty()) {
    append_role(out, "system");
    append_json_texts(out, turns.system);
    out.push_back('}');
  }
  for (const Turn& turn : turns.turns) {
    append_role(out, document::name_of(turn.role));
    append_json_texts(out, turn.texts);
    out.push_back('}');
  }
  out.push_back(']');
}

}  // namespace

const EncoderFormat kChatFormat = {"messages", "",         false,        {},
                                   add_own,    same_value, append_turns, append_plain_system};

}  // namespace chatvim::provider
