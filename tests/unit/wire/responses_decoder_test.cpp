// SPDX-License-Identifier: Apache-2.0
// Responses of Responses API servers, one row each, cut at every position.
#include <catch2/catch_test_macros.hpp>

#include "wire_support.hpp"

namespace chatvim::wire::responses_decoder_test {
namespace {

/// Returns an event of the type; `members` are appended to its data.
std::string event(const std::string& type, const std::string& members) {
  return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
}

std::string text(const std::string& piece) {
  return event("response.output_text.delta",
               R"("output_index":0,"content_index":0,"delta":")" + piece + "\"");
}

const std::string kEnd = event("response.completed", R"("response":{"status":"completed"})");

/// Returns the expected events, given as a JSON list without brackets, followed by a successful
/// end.
Json ended(const std::string& events) {
  return Json::parse("[" + events + (events.empty() ? "" : ",") +
                     R"(["finish","stop"],["end","ok"]])");
}

void check(const std::vector<testing::DecoderRow>& rows) {
  testing::check_decoder(Api::kResponses, rows);
}

TEST_CASE("responses: repeated text is used only once") {
  const std::string output = R"("output":[{"type":"reasoning","summary":[)"
                             R"({"type":"summary_text","text":"x"}]},{"type":"message","content":[)"
                             R"({"type":"output_text","text":"Hi"}]}])";
  check({
      {"only `.done`",
       event("response.output_text.done", R"("output_index":0,"content_index":0,"text":"Hi")") +
           kEnd,
       ended(R"(["text","Hi"])")},
      {"only the item",
       event("response.output_item.done", R"("output_index":0,"item":{"type":"message","content":[)"
                                          R"({"type":"output_text","text":"Hi"}]})") +
           kEnd,
       ended(R"(["text","Hi"])")},
      {"only the whole response",
       event("response.completed", R"("response":{"status":"completed",)" + output + "}"),
       ended(R"(["reasoning","x"],["text","Hi"])")},
      {"in deltas and in the whole response, elsewhere",
       text("Hi") +
           event("response.completed", R"("response":{"status":"completed",)" + output + "}"),
       ended(R"(["text","Hi"],["reasoning","x"])")},
      {"a whole response where a stream was asked for",
       R"({"object":"response","error":null,)" + output + R"(,"status":"completed"})",
       ended(R"(["reasoning","x"],["text","Hi"])")},
      {"no places, only names",
       event("response.output_text.delta", R"("item_id":"m","delta":"Hi")") +
           event("response.output_item.done", R"("item":{"id":"m","type":"message","content":[)"
                                              R"({"type":"output_text","text":"Hi"}]})") +
           kEnd,
       ended(R"(["text","Hi"])")},
      {"places only where an item closes",
       event("response.output_text.delta", R"("item_id":"m","delta":"Hi")") +
           event("response.output_item.done",
                 R"("output_index":1,"item":{"id":"m","type":"message","content":[)"
                 R"({"type":"output_text","text":"Hi"}]})") +
           kEnd,
       ended(R"(["text","Hi"])")},
      {"an error as the whole body",
       R"({"type":"error","code":"rate_limit_exceeded","message":"slow down","param":null})",
       Json::parse(R"([["error",{"kind":"rate_limit","message":"slow down","retry":true}]])")},
      {"an error with its fields at the top",
       "data: {\"error_type\":\"server_error\",\"error_message\":\"no\"}\n\n",
       Json::parse(R"([["error",{"kind":"server","message":"no","retry":true}]])")},
      {"an emoji in two deltas", text("\\ud83d") + text("\\ude00") + kEnd,
       ended("[\"text\",\"\xF0\x9F\x98\x80\"]")},
      {"fields of a wrong type",
       event("response.output_text.delta", R"("output_index":null,"delta":7)") + text("a") + kEnd,
       ended(R"(["text","a"])")},
  });
}

TEST_CASE("responses: reasoning, refusals and calls") {
  const auto summary = [](int part, const std::string& piece) {
    return event("response.reasoning_summary_text.delta", R"("output_index":0,"summary_index":)" +
                                                              std::to_string(part) +
                                                              R"(,"delta":")" + piece + "\"");
  };
  const std::string added =
      event("response.output_item.added",
            R"("output_index":1,"item":{"id":"fc","type":"function_call","call_id":"c",)"
            R"("name":"f","arguments":""})");
  check({
      {"a blank line between parts", summary(0, "a") + summary(0, "b") + summary(1, "c") + kEnd,
       ended(R"(["reasoning","ab\n\nc"])")},
      {"raw reasoning",
       event("response.reasoning_text.delta", R"("output_index":0,"delta":"hm")") + kEnd,
       ended(R"(["reasoning","hm"])")},
      {"refusal",
       event("response.refusal.delta", R"("output_index":0,"delta":"No")") +
           event("response.refusal.done", R"("output_index":0,"refusal":"No")") + kEnd,
       ended(R"(["refusal","No"])")},
      {"arguments that come whole",
       added +
           event("response.function_call_arguments.done",
                 R"("item_id":"fc","output_index":1,"arguments":"{}")") +
           event("response.output_item.done",
                 R"("output_index":1,"item":{"id":"fc","type":"function_call","call_id":"c",)"
                 R"("name":"f","arguments":"{}"})") +
           kEnd,
       ended(R"(["tool",1,"c","f"],["args",1,"{}"])")},
      {"arguments only in the item",
       event("response.output_item.done",
             R"("output_index":0,"item":{"type":"function_call","call_id":"c","name":"f",)"
             R"("arguments":"{}"})") +
           kEnd,
       ended(R"(["tool",0,"c","f"],["args",0,"{}"])")},
  });
}

TEST_CASE("responses: ends") {
  const auto failure = [](const std::string& members) {
    return Json::parse(R"([["error",{)" + members + "}]]");
  };
  check({
      {"failed",
       event("response.failed",
             R"("response":{"status":"failed","error":{"code":"rate_limit_exceeded",)"
             R"("message":"slow"},"usage":{"input_tokens":2,"output_tokens":1}})"),
       Json::parse(R"([["usage",{"in":2,"out":1}],)"
                   R"(["error",{"kind":"rate_limit","message":"slow","retry":true}]])")},
      {"failed without a word", event("response.failed", R"("response":{"error":null})"),
       failure(R"("kind":"server","message":"the server says that the response failed",)"
               R"("retry":true)")},
      {"cancelled", event("response.cancelled", R"("response":{})"),
       failure(R"("kind":"truncated","message":"the response was cancelled","retry":false)")},
      {"an error in an object",
       event("error", R"("error":{"code":"server_error","message":"Oops"})"),
       failure(R"("kind":"server","message":"Oops","retry":true)")},
      {"[DONE] is no end", "data: [DONE]\n\n",
       failure(R"("kind":"truncated","message":"stream ended before a terminal event",)"
               R"("retry":false)")},
      {"[DONE] before the end", text("a") + "data: [DONE]\n\n" + kEnd, ended(R"(["text","a"])")},
      {"a broken event", "event: response.output_text.delta\ndata: {oops}\n\n" + kEnd,
       failure(
           R"("kind":"protocol",)"
           R"("message":"the stream ended with what is no part of an answer: {oops}","retry":false)")},
      {"incomplete with its usage",
       event("response.incomplete",
             R"("response":{"status":"incomplete","incomplete_details":{"reason":)"
             R"("content_filter"},"usage":{"input_tokens":2,"output_tokens":1}})"),
       Json::parse(R"([["finish","content_filter"],["usage",{"in":2,"out":1}],["end","ok"]])")},
      {"a whole response that failed",
       R"({"object":"response","status":"failed","error":{"code":"server_error","message":"x"}})",
       failure(R"("kind":"server","message":"x","retry":true)")},
      {"neither answer nor error", R"({"fine":1})",
       failure(R"("kind":"protocol",)"
               R"("message":"the answer holds no message: {\"fine\":1}","retry":false)")},
  });
}

}  // namespace
}  // namespace chatvim::wire::responses_decoder_test
