// SPDX-License-Identifier: Apache-2.0
// Requests of OpenAI Responses.
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

void add_responses_fields(Json& body, const provider::Provider& /*provider*/,
                          const Prompt& prompt) {
  // Without this the provider keeps every chat for a month.
  body["store"] = false;
  // Without this no text of the reasoning is sent.
  if (prompt.wants_reasoning) body["reasoning"] = {{"summary", "auto"}};
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

void append_responses_turns(std::string& out, const provider::Provider& /*provider*/,
                            const Turns& turns) {
  out.push_back('[');
  for (const Turn& turn : turns.turns) {
    append_role(out, document::name_of(turn.role));
    // A string stands for a part of input; what the model said is a part of output, and llama.cpp
    // asks for the type of the item that it is in.
    const bool is_output = turn.role == document::Role::kAssistant;
    if (!is_output && has_media(turn.pieces)) {
      append_blocks(out, turn.pieces, kResponsesBlocks, turns.describes_media);
    } else {
      if (is_output) out.append(R"([{"type":"output_text","text":)");
      append_json_texts(out, turn.pieces);
      if (is_output) out.append(R"(}],"type":"message")");
    }
    out.push_back('}');
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
