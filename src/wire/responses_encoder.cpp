// SPDX-License-Identifier: Apache-2.0
// Encodes requests for OpenAI Responses.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "chatvim/json/text.hpp"
#include "encoder_format.hpp"
#include "media_data.hpp"

namespace chatvim::wire {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kResponsesNames = {{
    {"max_tokens", "max_output_tokens"},
    {"reasoning_effort", "reasoning.effort"},
    {"verbosity", "text.verbosity"},
}};

void add_responses_fields(Json& body, const provider::Provider& /*provider*/, const Prompt& prompt,
                          const Turns& /*turns*/) {
  // Without this the provider stores every chat for a month.
  body["store"] = false;
  // Without this the reasoning text is not sent.
  if (prompt.wants_reasoning) body["reasoning"] = {{"summary", "auto"}};
  if (prompt.schema != nullptr) {
    const schema::Schema& schema = *prompt.schema;
    body["text"]["format"] = {{"type", "json_schema"},
                              {"name", schema.name},
                              {"schema", *schema.value},
                              {"strict", schema::is_strict(*schema.value)}};
  }
}

void append_responses_media(std::string& out, const document::Part& part, bool describes) {
  if (part.kind == document::Part::Kind::kPicture) {
    out.append(R"({"type":"input_image","image_url":)");
  } else {
    out.append(R"({"type":"input_file","filename":)");
    json::append_json_string(out, file_name_of(part));
    out.append(R"(,"file_data":)");
  }
  append_data_url(out, part, describes);
}

constexpr BlockFormat kResponsesBlocks = {R"({"type":"input_text","text":)",
                                          append_responses_media};

/// Appends the start of an item.
void append_item(std::string& out, std::string_view start) {
  if (out.back() != '[') out.push_back(',');
  out.append(start);
}

void append_call(std::string& out, const Call& call) {
  append_item(out, R"({"type":"function_call")");
  if (!call.item_id.empty()) {
    out.append(R"(,"id":)");
    json::append_json_string(out, call.item_id);
  }
  out.append(R"(,"call_id":)");
  json::append_json_string(out, call.id);
  out.append(R"(,"name":)");
  json::append_json_string(out, call.name);
  out.append(R"(,"arguments":)");
  json::append_json_string(out, arguments_of(call));
  out.push_back('}');
}

void append_outputs(std::string& out, const Turn& turn) {
  for (const Call* call : turn.results) {
    append_item(out, R"({"type":"function_call_output","call_id":)");
    json::append_json_string(out, call->id);
    out.append(R"(,"output":)");
    append_result(out, *call, true);
    out.push_back('}');
  }
}

/// Appends a message of the model. Its content is output parts; llama.cpp requires the type of the
/// item around them.
void append_answer_text(std::string& out, std::span<const Piece> pieces, bool simple) {
  append_role(out, "assistant");
  if (!simple) out.append(R"([{"type":"output_text","text":)");
  append_json_texts(out, pieces);
  out.append(simple ? R"(,"type":"message")" : R"(}],"type":"message")");
  if (!pieces.front().phase.empty()) {
    out.append(R"(,"phase":)");
    json::append_json_string(out, pieces.front().phase);
  }
  out.push_back('}');
}

void append_answer(std::string& out, const Pieces& pieces, bool simple) {
  for (auto piece = pieces.begin(); piece != pieces.end();) {
    auto end = piece + 1;
    if (piece->call != nullptr) {
      append_call(out, *piece->call);
    } else if (piece->item != nullptr) {
      append_item(out, piece->item->json);
    } else {
      end = std::find_if_not(piece, pieces.end(), [&](const Piece& next) {
        return is_text(next) && next.phase == piece->phase;
      });
      append_answer_text(out, std::span(piece, end), simple);
    }
    piece = end;
  }
}

void append_responses_turns(std::string& out, const provider::Provider& provider,
                            const Turns& turns) {
  out.push_back('[');
  if (provider.simple_input && !turns.system.empty()) {
    append_role(out, "system");
    append_json_texts(out, turns.system);
    out.push_back('}');
  }
  for (const Turn& turn : turns.turns) {
    append_outputs(out, turn);
    if (turn.role == document::Role::kAssistant) {
      append_answer(out, turn.pieces, provider.simple_input);
    } else if (!turn.pieces.empty()) {
      append_role(out, document::name_of(turn.role));
      // A string is shorthand for an input part.
      if (has_media(turn.pieces)) {
        out.push_back('[');
        append_blocks(out, turn.pieces, kResponsesBlocks, turns.describes_media);
        out.push_back(']');
      } else {
        append_json_texts(out, turn.pieces);
      }
      out.push_back('}');
    }
  }
  out.push_back(']');
}

}  // namespace

const EncoderFormat kResponsesFormat = {"input",
                                        "instructions",
                                        false,
                                        kResponsesNames,
                                        add_responses_fields,
                                        same_value,
                                        append_responses_turns,
                                        append_plain_system};

}  // namespace chatvim::wire
