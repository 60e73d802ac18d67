// SPDX-License-Identifier: Apache-2.0
// Encodes requests for OpenAI Chat Completions.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "chatvim/json/text.hpp"
#include "encoder_format.hpp"
#include "media_data.hpp"

namespace chatvim::wire {
namespace {

void add_chat_fields(Json& body, const provider::Provider& provider, const Prompt& prompt,
                     const Turns& /*turns*/) {
  if (provider.reports_usage) body["stream_options"] = {{"include_usage", true}};
  if (prompt.continues && provider.prefill == provider::Prefill::kContinueFinal) {
    body["continue_final_message"] = true;
    body["add_generation_prompt"] = false;
  }
  if (prompt.web_search && provider.web_search == provider::WebSearch::kPlugin) {
    body["plugins"] = {{{"id", "web"}}};
  }
  if (prompt.schema != nullptr) {
    const schema::Schema& schema = *prompt.schema;
    body["response_format"] = {{"type", "json_schema"},
                               {"json_schema",
                                {{"name", schema.name},
                                 {"schema", *schema.value},
                                 {"strict", schema::is_strict(*schema.value)}}}};
  }
}

/// The member that marks the turn to continue.
std::string_view mark_of(provider::Prefill prefill) {
  switch (prefill) {
    case provider::Prefill::kPrefix:
      return R"(,"prefix":true)";
    case provider::Prefill::kPartial:
      return R"(,"partial":true)";
    default:
      return "";
  }
}

void append_chat_media(std::string& out, const document::Part& part, bool describes) {
  if (part.kind == document::Part::Kind::kPicture) {
    out.append(R"({"type":"image_url","image_url":{"url":)");
  } else {
    out.append(R"({"type":"file","file":{"filename":)");
    json::append_json_string(out, file_name_of(part));
    out.append(R"(,"file_data":)");
  }
  append_data_url(out, part, describes);
  out.push_back('}');
}

constexpr BlockFormat kChatBlocks = {R"({"type":"text","text":)", append_chat_media};

/// Appends the content as a string, or as a list of blocks if there is more than text; null if
/// there is none, which only an answer with calls may have.
void append_chat_content(std::string& out, const Turn& turn, bool describes) {
  if (has_media(turn.pieces)) {
    out.push_back('[');
    append_blocks(out, turn.pieces, kChatBlocks, describes);
    out.push_back(']');
  } else if (std::any_of(turn.pieces.begin(), turn.pieces.end(), is_text)) {
    json::append_json_string(out, join(turn.pieces));
  } else {
    out.append("null");
  }
}

void append_chat_calls(std::string& out, const Pieces& pieces) {
  bool any = false;
  for (const Piece& piece : pieces) {
    if (piece.call == nullptr) continue;
    out.append(std::exchange(any, true) ? "," : R"(,"tool_calls":[)");
    out.append(R"({"id":)");
    json::append_json_string(out, piece.call->id);
    out.append(R"(,"type":"function","function":{"name":)");
    json::append_json_string(out, piece.call->name);
    out.append(R"(,"arguments":)");
    json::append_json_string(out, arguments_of(*piece.call));
    out.push_back('}');
    if (!piece.call->extra.empty()) out.append(R"(,"extra_content":)").append(piece.call->extra);
    out.push_back('}');
  }
  if (any) out.push_back(']');
}

/// Appends the reasoning that a provider wants back with an answer.
void append_chat_reasoning(std::string& out, const Turn& turn, const std::string& filler) {
  const ChatState* const state = turn.chat_state;
  const bool has_reasoning = state != nullptr && state->has_reasoning;
  if (has_reasoning || !filler.empty()) {
    out.append(R"(,"reasoning_content":)");
    json::append_json_string(out, has_reasoning ? state->reasoning : filler);
  }
  if (state != nullptr && !state->details.empty()) {
    out.append(R"(,"reasoning_details":)").append(state->details);
  }
}

void append_chat_results(std::string& out, const Turn& turn) {
  for (const Call* call : turn.results) {
    if (out.back() != '[') out.push_back(',');
    out.append(R"({"role":"tool","tool_call_id":)");
    json::append_json_string(out, call->id);
    out.append(R"(,"content":)");
    append_result(out, *call, true);
    out.push_back('}');
  }
}

void append_chat_turns(std::string& out, const provider::Provider& provider, const Turns& turns) {
  out.push_back('[');
  // System text is separate only for providers with `system_first`.
  if (!turns.system.empty()) {
    append_role(out, "system");
    append_json_texts(out, turns.system);
    out.push_back('}');
  }
  const std::string filler = turns.uses_tools ? provider.reasoning_filler : std::string();
  for (const Turn& turn : turns.turns) {
    append_chat_results(out, turn);
    if (turn.pieces.empty()) continue;
    const bool is_answer = turn.role == document::Role::kAssistant;
    append_role(out, document::name_of(turn.role));
    append_chat_content(out, turn, turns.describes_media);
    if (is_answer) {
      append_chat_reasoning(out, turn, filler);
      append_chat_calls(out, turn.pieces);
      const bool is_last = &turn == &turns.turns.back();
      if (turns.continues && is_last) out.append(mark_of(provider.prefill));
    }
    out.push_back('}');
  }
  out.push_back(']');
}

}  // namespace

const EncoderFormat kChatFormat = {
    "messages", "", false, {}, add_chat_fields, same_value, append_chat_turns, append_plain_system};

}  // namespace chatvim::wire
