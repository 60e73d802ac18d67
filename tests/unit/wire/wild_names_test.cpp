// SPDX-License-Identifier: Apache-2.0
// Names, positions and spellings that differ slightly from those of a wire format.
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "decoded.hpp"

namespace chatvim::wire {
namespace {

using testing::decode;
using testing::joined;

const std::string kChatText =
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"A\"}}]}\n\n";
const std::string kResponsesText =
    "data: {\"type\":\"response.output_text.delta\",\"output_index\":0,\"delta\":\"A\"}\n\n";

std::string answer_of(const Json& list) {
  std::string text;
  for (const Json& item : list) {
    if (item[0] == "text") text += item[1].get<std::string>();
  }
  return text;
}

/// Returns the first item of a kind, or null.
Json first(const Json& list, const std::string& kind) {
  for (const Json& item : list) {
    if (item[0] == kind) return item;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("wild: a broken event of any name causes a warning at the end", "[wild]") {
  for (const char* name : {"chunk", "delta", "Message", "completion"}) {
    INFO(name);
    const Json got =
        decode({kChatText + "event: " + name + "\ndata: {\"choices\":[{\"del\n\n" + kChatText +
                "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"});
    CHECK(answer_of(got) == "AA");
    CHECK(first(got, "warning") != nullptr);
  }
  // The data of keep-alive events does not matter.
  const Json alive =
      decode({"event: ping\ndata: {still\n\n" + kChatText +
              "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"});
  CHECK(first(alive, "warning") == nullptr);
}

TEST_CASE("wild: an event named like an error counts as an error in each format", "[wild]") {
  for (const Api api : {Api::kChat, Api::kResponses, Api::kMessages}) {
    for (const char* name : {"error", "ERROR", "stream_error", "upstreamError"}) {
      INFO(name << " " << name_of(api));
      const Json got =
          decode({std::string("event: ") + name + "\ndata: no quota left\n\ndata: [DONE]\n\n"}, 200,
                 {}, api);
      const Json error = first(got, "error");
      REQUIRE(error != nullptr);
      CHECK(error[1]["message"].get<std::string>().find("no quota left") != std::string::npos);
    }
  }
}

TEST_CASE("wild: errors inside typed events and wrappers", "[wild]") {
  for (const char* data :
       {R"({"type":"response.error","error":{"message":"boom"}})",
        R"({"type":"response.error","code":"x","message":"boom"})",
        R"({"type":"response.output_text.delta","delta":"","error":{"message":"boom"}})"}) {
    INFO(data);
    const Json got = decode({kResponsesText + "data: " + data + "\n\n"}, 200, {}, Api::kResponses);
    REQUIRE(first(got, "error") != nullptr);
    CHECK(first(got, "error")[1]["message"] == "boom");
  }
  for (const char* data :
       {R"({"data":{"error":{"message":"boom"}}})", R"({"result":{"error":{"message":"boom"}}})",
        R"({"choices":[{"index":0,"delta":{"error":{"message":"boom"}}}]})",
        R"([{"id":1},{"error":{"message":"boom"}}])"}) {
    INFO(data);
    const Json got = decode({kChatText + "data: " + data + "\n\ndata: [DONE]\n\n"});
    REQUIRE(first(got, "error") != nullptr);
    CHECK(first(got, "error")[1]["message"] == "boom");
  }
}

TEST_CASE("wild: a response's own status is read in any spelling", "[wild]") {
  const auto end = [](const std::string& type, const std::string& response) {
    return joined(decode(
        {kResponsesText + "data: {\"type\":\"" + type + "\",\"response\":" + response + "}\n\n"},
        200, {}, Api::kResponses));
  };
  const Json cut =
      end("response.completed",
          R"({"status":"INCOMPLETE","incomplete_details":{"reason":"max_output_tokens"}})");
  CHECK(first(cut, "finish") == Json({"finish", "max_output_tokens"}));
  CHECK(first(end("response.COMPLETED", "{}"), "finish") == Json({"finish", "stop"}));
  CHECK(first(end("response.done", R"({"status":"completed"})"), "end") != nullptr);
  CHECK(first(end("response.canceled", "{}"), "error") != nullptr);
}

TEST_CASE("wild: finish reasons in other forms", "[wild]") {
  for (const char* reason : {R"("finish_reason":{"type":"length"})",
                             R"("finish_reason":["length"])", R"("finishReason":"length")"}) {
    INFO(reason);
    const Json got = decode({kChatText + R"(data: {"choices":[{"index":0,"delta":{},)" + reason +
                             "}]}\n\ndata: [DONE]\n\n"});
    CHECK(first(got, "finish") == Json({"finish", "length"}));
  }
}

TEST_CASE("wild: several chunks in one event", "[wild]") {
  const Json got = decode(
      {R"(data: [{"choices":[{"delta":{"content":"A"}}]},{"choices":[{"delta":{"content":"B"}}]},)"
       R"({"choices":[{"delta":{},"finish_reason":"stop"}]}])"
       "\n\n"});
  CHECK(answer_of(got) == "AB");
  CHECK(first(got, "end") != nullptr);
}

}  // namespace chatvim::wire
