// SPDX-License-Identifier: Apache-2.0
// Requests of Anthropic Messages.
#include <array>
#include <nlohmann/json.hpp>

#include "chatvim/json/text.hpp"
#include "encoder_format.hpp"
#include "media_data.hpp"

namespace chatvim::wire {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kMessagesNames = {{
    {"max_tokens", "max_tokens"},
    {"stop", "stop_sequences"},
    {"reasoning_effort", "output_config.effort"},
}};

/// How many of the user's last turns end a prefix that is kept: the last one, for the next request,
/// and the one before it, whose prefix the request before this one wrote.
constexpr int kMarkedTurns = 2;

void add_messages_fields(Json& body, const provider::Provider& /*provider*/, const Prompt& prompt) {
  // The format has no request without a limit; the user's own takes its place.
  if (prompt.max_output) body["max_tokens"] = *prompt.max_output;
  // Without this no text of the reasoning is sent.
  if (prompt.wants_reasoning) body["thinking"] = {{"type", "adaptive"}, {"display", "summarized"}};
}

Json value_of(std::string_view name, const Json& value) {
  return name == "stop" && value.is_string() ? Json::array({value}) : value;
}

void append_messages_media(std::string& out, const document::Part& part, bool describes) {
  const bool is_picture = part.kind == document::Part::Kind::kPicture;
  out.append(is_picture ? R"({"type":"image","source":{"type":)"
                        : R"({"type":"document","source":{"type":)");
  if (!part.url.empty()) {
    out.append(R"("url","url":)");
    json::append_json_string(out, part.url);
  } else {
    out.append(R"("base64","media_type":)");
    json::append_json_string(out, part.media_type);
    out.append(R"(,"data":)");
    append_data(out, part, describes);
  }
  out.push_back('}');
}

constexpr BlockFormat kMessagesBlocks = {R"({"type":"text","text":)", append_messages_media};

/// A string, or a list of blocks: where there is more than text, or the last block bears a mark up
/// to which the provider keeps the request.
void append_content(std::string& out, const Pieces& pieces, bool describes, bool marked) {
  if (!marked && !has_media(pieces)) return append_json_texts(out, pieces);
  append_blocks(out, pieces, kMessagesBlocks, describes,
                marked ? R"(,"cache_control":{"type":"ephemeral"})" : "");
}

void append_messages_turns(std::string& out, const provider::Provider& provider,
                           const Turns& turns) {
  int users = 0;
  for (const Turn& turn : turns.turns) users += turn.role == document::Role::kUser ? 1 : 0;
  out.push_back('[');
  for (const Turn& turn : turns.turns) {
    const bool is_user = turn.role == document::Role::kUser;
    append_role(out, document::name_of(turn.role));
    append_content(out, turn.pieces, turns.describes_media,
                   provider.caches_prompts && is_user && users <= kMarkedTurns);
    out.push_back('}');
    users -= is_user ? 1 : 0;
  }
  out.push_back(']');
}

void append_system(std::string& out, const provider::Provider& provider, const Pieces& pieces) {
  append_content(out, pieces, false, provider.caches_prompts);
}

}  // namespace

const EncoderFormat kMessagesFormat = {"messages",
                                       "system",
                                       true,
                                       kMessagesNames,
                                       add_messages_fields,
                                       value_of,
                                       append_messages_turns,
                                       append_system};

}  // namespace chatvim::wire
