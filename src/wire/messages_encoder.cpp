// SPDX-License-Identifier: Apache-2.0
// Encodes requests for Anthropic Messages.
#include <array>
#include <nlohmann/json.hpp>

#include "chatvim/json/text.hpp"
#include "encoder_format.hpp"
#include "media_data.hpp"
#include "offers.hpp"

namespace chatvim::wire {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kMessagesNames = {{
    {"max_tokens", "max_tokens"},
    {"stop", "stop_sequences"},
    {"reasoning_effort", "output_config.effort"},
}};

/// The number of the user's last turns that are marked as the end of a cached prefix: the last one,
/// for the next request to read, and the one before it, whose prefix the previous request wrote.
constexpr int kMarkedTurns = 2;

/// Whether the request continues an answer in which a step does not begin with its thinking, which
/// is rejected if thinking is requested.
bool lacks_thinking(const std::vector<Turn>& turns) {
  for (std::size_t i = turns.size(); i >= 2 && !turns[i - 1].results.empty(); i -= 2) {
    if (turns[i - 2].pieces.front().item == nullptr) return true;
  }
  return false;
}

void add_messages_fields(Json& body, const provider::Provider& provider, const Prompt& prompt,
                         const Turns& turns) {
  // The format requires a limit; the user's own replaces this one.
  if (prompt.max_output) body["max_tokens"] = *prompt.max_output;
  // Without this the reasoning text is not sent.
  if (prompt.wants_reasoning && !lacks_thinking(turns.turns)) {
    body["thinking"] = {{"type", "adaptive"}, {"display", "summarized"}};
  }
  if (prompt.schema != nullptr) {
    body["output_config"]["format"] = {{"type", "json_schema"}, {"schema", *prompt.schema->value}};
  }
  if (offers_only_history(provider, prompt, turns)) body["tool_choice"] = {{"type", "none"}};
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

/// Appends a call or an item of a state, without its closing brace.
void append_messages_other(std::string& out, const Piece& piece) {
  if (piece.item != nullptr) {
    out.append(piece.item->json, 0, piece.item->json.size() - 1);
    return;
  }
  out.append(R"({"type":"tool_use","id":)");
  json::append_json_string(out, piece.call->id);
  out.append(R"(,"name":)");
  json::append_json_string(out, piece.call->name);
  out.append(R"(,"input":)").append(arguments_of(*piece.call));
}

constexpr BlockFormat kMessagesBlocks = {R"({"type":"text","text":)", append_messages_media,
                                         append_messages_other};
constexpr std::string_view kCacheMark = R"(,"cache_control":{"type":"ephemeral"})";

/// Appends the results of calls; `mark` is inserted at the end of the last one.
void append_tool_results(std::string& out, const std::vector<const Call*>& results,
                         std::string_view mark) {
  for (const Call* call : results) {
    if (out.back() != '[') out.push_back(',');
    out.append(R"({"type":"tool_result","tool_use_id":)");
    json::append_json_string(out, call->id);
    out.append(R"(,"content":)");
    append_result(out, *call, false);
    if (is_error(*call)) out.append(R"(,"is_error":true)");
    if (call == results.back()) out.append(mark);
    out.push_back('}');
  }
}

/// Appends the content as a string, or as a list of blocks if there is more than text or if the
/// last block is marked as the end of a cached prefix.
void append_content(std::string& out, const Turn& turn, bool describes, bool marked) {
  const Pieces& pieces = turn.pieces;
  if (!marked && turn.results.empty() && !has_blocks(pieces)) {
    return append_json_texts(out, pieces);
  }
  const std::string_view mark = marked ? kCacheMark : "";
  out.push_back('[');
  append_tool_results(out, turn.results, pieces.empty() ? mark : "");
  append_blocks(out, pieces, kMessagesBlocks, describes, mark);
  out.push_back(']');
}

void append_messages_turns(std::string& out, const provider::Provider& provider,
                           const Turns& turns) {
  int users = 0;
  for (const Turn& turn : turns.turns) users += turn.role == document::Role::kUser ? 1 : 0;
  out.push_back('[');
  for (const Turn& turn : turns.turns) {
    const bool is_user = turn.role == document::Role::kUser;
    append_role(out, document::name_of(turn.role));
    append_content(out, turn, turns.describes_media,
                   provider.caches_prompts && is_user && users <= kMarkedTurns);
    out.push_back('}');
    users -= is_user ? 1 : 0;
  }
  out.push_back(']');
}

void append_system(std::string& out, const provider::Provider& provider, const Pieces& pieces) {
  append_content(out, {document::Role::kSystem, pieces}, false, provider.caches_prompts);
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
