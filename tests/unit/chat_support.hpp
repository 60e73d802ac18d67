// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "wire_support.hpp"

namespace chatvim::testing::chat {

/// An event with one delta for the first choice; `more` are further members of the choice.
inline std::string delta(const std::string& members, const std::string& more = "") {
  return R"(data: {"choices":[{"index":0,"delta":{)" + members + "}" + more + "}]}\n\n";
}
/// An event with a piece of the answer.
inline std::string content(const std::string& content) {
  return delta("\"content\":\"" + content + "\"");
}
/// An event with this data.
inline std::string data(const std::string& json) { return "data: " + json + "\n\n"; }

inline const std::string kStop = delta("", R"(,"finish_reason":"stop")");
inline const std::string kDone = "data: [DONE]\n\n";
inline const std::string kEnd = kStop + kDone;

/// Events, each as JSON text.
inline Json list(std::initializer_list<const char*> texts) {
  Json out = Json::array();
  for (const char* one : texts) out.push_back(Json::parse(one));
  return out;
}

/// The events followed by a good end.
inline Json ended(std::initializer_list<const char*> texts) {
  Json out = list(texts);
  out.push_back({"finish", "stop"});
  out.push_back({"end", "ok"});
  return out;
}

using Row = DecoderRow;

/// Decodes each row at every cut.
inline void check(const std::vector<Row>& rows) { check_decoder(Api::kChat, rows); }

}  // namespace chatvim::testing::chat
