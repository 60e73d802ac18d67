// SPDX-License-Identifier: Apache-2.0
// Requests of OpenAI Chat Completions.
#include <nlohmann/json.hpp>

#include "chatvim/json/text.hpp"
#include "encoder_format.hpp"
#include "media_data.hpp"

namespace chatvim::wire {
namespace {

void add_chat_fields(Json& body, const provider::Provider& provider, const Prompt& prompt) {
  if (provider.reports_usage) body["stream_options"] = {{"include_usage", true}};
  if (prompt.continues && provider.prefill == provider::Prefill::kContinueFinal) {
    body["continue_final_message"] = true;
    body["add_generation_prompt"] = false;
  }
}

/// What marks the turn that is gone on with.
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

void append_chat_turns(std::string& out, const provider::Provider& provider, const Turns& turns) {
  out.push_back('[');
  // Only a provider that wants it first has system text apart here.
  if (!turns.system.empty()) {
    append_role(out, "system");
    append_json_texts(out, turns.system);
    out.push_back('}');
  }
  for (const Turn& turn : turns.turns) {
    append_role(out, document::name_of(turn.role));
    if (has_media(turn.pieces)) {
      append_blocks(out, turn.pieces, kChatBlocks, turns.describes_media);
    } else {
      append_json_texts(out, turn.pieces);
    }
    if (turns.continues && &turn == &turns.turns.back()) out.append(mark_of(provider.prefill));
    out.push_back('}');
  }
  out.push_back(']');
}

}  // namespace

const EncoderFormat kChatFormat = {
    "messages", "", false, {}, add_chat_fields, same_value, append_chat_turns, append_plain_system};

}  // namespace chatvim::wire
