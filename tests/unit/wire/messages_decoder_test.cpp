// SPDX-License-Identifier: Apache-2.0
// Responses of Messages servers, one row each, cut at every position.
#include <catch2/catch_test_macros.hpp>

#include "wire_support.hpp"

namespace chatvim::wire::messages_decoder_test {
namespace {

/// Returns an event of the type; `members` are appended to its data.
std::string event(const std::string& type, const std::string& members) {
  return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + members + "}\n\n";
}

std::string delta(const std::string& members) {
  return event("content_block_delta", R"(,"index":0,"delta":{)" + members + "}");
}

std::string begin(const std::string& members) {
  return event("content_block_start", R"(,"index":0,"content_block":{)" + members + "}");
}

std::string text(const std::string& piece) {
  return delta(R"("type":"text_delta","text":")" + piece + "\"");
}

const std::string kStop = event("message_stop", "");
const std::string kEnd = event("message_delta", R"(,"delta":{"stop_reason":"end_turn"})") + kStop;

/// Returns the expected events, given as a JSON list without brackets, followed by a successful
/// end.
Json ended(const std::string& events) {
  return Json::parse("[" + events + R"(,["finish","end_turn"],["end","ok"]])");
}

void check(const std::vector<testing::DecoderRow>& rows) {
  testing::check_decoder(Api::kMessages, rows);
}

TEST_CASE("messages: content blocks") {
  check({
      {"text that comes with its block", begin(R"("type":"text","text":"H")") + text("i") + kEnd,
       ended(R"(["text","Hi"])")},
      {"thinking, its signature and citations",
       begin(R"("type":"thinking","thinking":"h")") +
           delta(R"("type":"thinking_delta","thinking":"m")") +
           delta(R"("type":"signature_delta","signature":"xyz")") + text("a") +
           delta(R"("type":"citations_delta","citation":{"text":"no"})") + kEnd,
       ended(R"(["reasoning","hm"],)"
             R"(["state",{"type":"thinking","thinking":"hm","signature":"xyz"}],["text","a"])")},
      {"an emoji in two deltas", text("\\ud83d") + text("\\ude00") + kEnd,
       ended("[\"text\",\"\xF0\x9F\x98\x80\"]")},
      {"input that comes with its block",
       begin(R"("type":"tool_use","id":"t","name":"f","input":{"x":1})") + kEnd,
       ended(R"(["tool",0,"t","f"],["args",0,"{\"x\":1}"])")},
      {"a server's own tool is no call",
       begin(R"("type":"server_tool_use","id":"t","name":"web_search","input":{})") +
           delta(R"("type":"input_json_delta","partial_json":"{}")") + text("a") + kEnd,
       ended(R"(["text","a"])")},
      {"pings, fields of a wrong type",
       "event: ping\ndata: now\n\n" + delta(R"("type":"text_delta","text":null)") + text("a") +
           kEnd,
       ended(R"(["text","a"])")},
      {"a whole message where a stream was asked for",
       R"({"type":"message","content":[{"type":"thinking","thinking":"hm"},)"
       R"({"type":"text","text":"Hi"}],"stop_reason":"end_turn"})",
       ended(R"(["reasoning","hm"],["state",{"type":"thinking","thinking":"hm"}],)"
             R"(["state",{"type":"text"}],["text","Hi"])")},
  });
}

TEST_CASE("messages: ends") {
  const auto list = [](const std::string& events) { return Json::parse("[" + events + "]"); };
  const std::string refusal =
      event("message_delta", R"(,"delta":{"stop_reason":"refusal","stop_details":)"
                             R"({"category":"bio","explanation":"Not this."}})") +
      kStop;
  check({
      {"no message_stop", text("a") + event("message_delta", R"(,"delta":{})"),
       list(R"(["text","a"],["error",{"kind":"truncated",)"
            R"("message":"stream ended before message_stop","retry":false}])")},
      {"a refusal explains itself", refusal,
       list(R"(["refusal","Not this."],["finish","refusal"],["end","ok"])")},
      {"a refusal after text", text("a") + refusal,
       list(R"(["text","a"],["finish","refusal"],["end","ok"])")},
      {"counts are cumulative and the input is all of it",
       event("message_start", R"(,"message":{"content":[],"usage":{"input_tokens":5,)"
                              R"("cache_read_input_tokens":4,"cache_creation_input_tokens":2,)"
                              R"("output_tokens":1}})") +
           event("message_delta", R"(,"delta":{"stop_reason":"max_tokens"},"usage":)"
                                  R"({"output_tokens":7,"output_tokens_details":)"
                                  R"({"thinking_tokens":3}})") +
           kStop,
       list(R"(["finish","max_tokens"],)"
            R"(["usage",{"in":11,"out":7,"cached":4,"reasoning":3}],["end","ok"])")},
      {"an error as the whole body",
       R"({"type":"error","error":{"type":"api_error","message":"Oops"}})",
       list(R"(["error",{"kind":"server","message":"Oops","retry":true}])")},
      {"a broken event", "event: content_block_delta\ndata: {oops}\n\n" + kEnd,
       list(R"(["error",{"kind":"protocol","message":)"
            R"("the stream ended with what is no part of an answer: {oops}","retry":false}])")},
      {"a stop reason, and no message_stop",
       text("a") + event("message_delta", R"(,"delta":{"stop_reason":"end_turn"})"),
       ended(R"(["text","a"])")},
  });
}

TEST_CASE("messages: errors of the status line") {
  struct Row {
    int status;
    std::string error;
    std::string kind;
    bool retry;
  };
  const std::vector<Row> rows = {
      {400, R"("type":"invalid_request_error","message":"Your credit balance is too low")", "quota",
       false},
      {400,
       R"("type":"invalid_request_error","message":"prompt is too long: 9 tokens > 8 maximum")",
       "context", false},
      {402, R"("type":"billing_error","message":"x")", "quota", false},
      {409, R"("type":"conflict_error","message":"x")", "server", true},
      {429, R"("type":"rate_limit_error","message":"x")", "rate_limit", true},
      {429,
       R"("type":"rate_limit_error","message":"x",)"
       R"("details":{"error_code":"enforced_spend_limit_reached"})",
       "quota", false},
      {529, R"("type":"overloaded_error","message":"x")", "overloaded", true},
  };
  for (const Row& row : rows) {
    const Json events = testing::decode({R"({"type":"error","error":{)" + row.error + "}}"},
                                        row.status, {}, Api::kMessages);
    INFO(row.error);
    REQUIRE(events.size() == 1);
    CHECK(events[0][1]["kind"] == row.kind);
    CHECK(events[0][1]["retry"] == row.retry);
  }
}

TEST_CASE("usage: billed and cached tokens") {
  const auto decoder = make_decoder(Api::kChat);
  std::vector<Event> events;
  decoder->head(200, {});
  decoder->feed(R"({"choices":[{"message":{"content":"a"}}],"usage":{"prompt_tokens":9,)"
                R"("prompt_tokens_details":{"cache_write_tokens":3},"cost":0.0125}})",
                events);
  decoder->finish(events);
  REQUIRE(events.size() == 3);
  const auto& usage = std::get<provider::Usage>(events[1]);
  CHECK(usage.cost == 0.0125);
  CHECK(usage.cache_written == 3);
}

}  // namespace
}  // namespace chatvim::wire::messages_decoder_test
