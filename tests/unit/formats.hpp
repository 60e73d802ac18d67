// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <vector>

#include "wire_support.hpp"

namespace chatvim::testing {

/// The events of a wire format that a test needs, each with the blank line that ends it.
struct FormatEvents {
  Api api;
  /// A piece of the answer; `more` are further members of the event.
  std::string (*text)(const std::string& piece, const std::string& more);
  std::string finish;  ///< the finish reason, or nothing where only the end has it
  std::string end;     ///< what ends the stream
  std::string cut;     ///< what the decoder says where there is no end

  std::string piece(const std::string& text_piece) const { return text(text_piece, ""); }
  /// What a decoder gives of these pieces and a good end; `warnings` before it.
  Json ended(const std::string& all_text, const Json& warnings = Json::array()) const {
    Json out = Json::array();
    if (!all_text.empty()) out.push_back({"text", all_text});
    for (const Json& warning : warnings) out.push_back(warning);
    out.push_back({"finish", api == Api::kMessages ? "end_turn" : "stop"});
    out.push_back({"end", "ok"});
    return out;
  }
};

inline std::string named(const std::string& type, const std::string& members) {
  return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + members + "}\n\n";
}

inline const std::vector<FormatEvents>& all_formats() {
  static const std::vector<FormatEvents> kAll = {
      {Api::kChat,
       [](const std::string& piece, const std::string& more) {
         return R"(data: {"choices":[{"index":0,"delta":{"content":")" + piece + "\"}}]" + more +
                "}\n\n";
       },
       "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n",
       "data: [DONE]\n\n", "stream ended without finish_reason"},
      {Api::kResponses,
       [](const std::string& piece, const std::string& more) {
         return named("response.output_text.delta",
                      R"(,"output_index":0,"delta":")" + piece + "\"" + more);
       },
       "",
       named("response.completed",
             R"(,"response":{"object":"response","status":"completed","output":[]})"),
       "stream ended before a terminal event"},
      {Api::kMessages,
       [](const std::string& piece, const std::string& more) {
         return named("content_block_delta",
                      R"(,"index":0,"delta":{"type":"text_delta","text":")" + piece + "\"}" + more);
       },
       named("message_delta", R"(,"delta":{"stop_reason":"end_turn"})"), named("message_stop", ""),
       "stream ended before message_stop"},
  };
  return kAll;
}

}  // namespace chatvim::testing
