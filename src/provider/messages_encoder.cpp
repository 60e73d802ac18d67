// SPDX-License-Identifier: Apache-2.0
// Requests of Anthropic Messages.
#include <array>
#include <nlohmann/json.hpp>

#include "encoder_format.hpp"

namespace chatvim::provider {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kNames = {{
    {"max_tokens", "max_tokens"},
    {"stop", "stop_sequences"},
    {"reasoning_effort", "output_config.effort"},
}};

/// How many of the user's last turns end a prefix that is kept: the last one, for the next request,
/// and the one before it, whose prefix the request before this one wrote.
constexpr int kMarkedTurns = 2;

void add_own(Json& body, const Provider& /*provider*/, const Prompt& prompt) {
  // The format has no request without a limit; the user's own takes its place.
  if (prompt.max_output) body["max_tokens"] = *prompt.max_output;
  // Without this no text of the reasoning is sent.
  if (prompt.wants_reasoning) body["thinking"] = {{"type", "adaptive"}, {"display", "summarized"}};
}

Json value_of(std::string_view name, const Json& value) {
  return name == "stop" && value.is_string() ? Json::array({value}) : value;
}

/// A string, or a list of one block with a mark up to which the provider keeps the request.
void append_text(std::string& out, const Texts& texts, bool marked) {
  if (!marked) return append_json_texts(out, texts);
  out.append(R"([{"type":"text","text":)");
  append_json_texts(out, texts);
  out.append(R"(,"cache_control":{"type":"ephemeral"}}])");
}

void append_turns(std::string& out, const Provider& provider, const Turns& turns) {
  int users = 0;
  for (const Turn& turn : turns.turns) users += turn.role == document::Role::kUser ? 1 : 0;
  out.push_back('[');
  for (const Turn& turn : turns.turns) {
    const bool is_user = turn.role == document::Role::kUser;
    append_role(out, document::name_of(turn.role));
    append_text(out, turn.texts, provider.caches_prompts && is_user && users <= kMarkedTurns);
    out.push_back('}');
    users -= is_user ? 1 : 0;
  }
  out.push_back(']');
}

void append_system(std::string& out, const Provider& provider, const Texts& texts) {
  append_text(out, texts, provider.caches_prompts);
}

}  // namespace

const EncoderFormat kMessagesFormat = {"messages", "system", true,         kNames,
                                       add_own,    value_of, append_turns, append_system};

}  // namespace chatvim::provider
