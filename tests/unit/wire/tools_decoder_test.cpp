// SPDX-License-Identifier: Apache-2.0
// Calls, states and sources in responses of each wire format, one row each, cut at every position.
#include <catch2/catch_test_macros.hpp>

#include "wire_support.hpp"

namespace chatvim::wire::tools_decoder_test {
namespace {

std::string data(const std::string& json) { return "data: " + json + "\n\n"; }

/// Returns the expected events, given as a JSON list without brackets, followed by a successful end
/// for this reason.
Json ended(const std::string& reason, const std::string& events) {
  return Json::parse("[" + events + (events.empty() ? "" : ",") + R"(["finish",")" + reason +
                     R"("],["end","ok"]])");
}

// Chat Completions.

std::string delta(const std::string& members) {
  return data(R"({"choices":[{"index":0,"delta":{)" + members + "}}]}");
}
std::string call(const std::string& json) { return delta(R"("tool_calls":[)" + json + "]"); }
const std::string kChatEnd =
    data(R"({"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]})") + data("[DONE]");

void check_chat(const std::vector<std::array<std::string, 3>>& rows) {
  std::vector<testing::DecoderRow> out;
  for (const auto& [name, body, events] : rows) {
    out.push_back({name, body + kChatEnd, ended("tool_calls", events)});
  }
  testing::check_decoder(Api::kChat, out);
}

TEST_CASE("calls: the ways in which servers number them") {
  check_chat({
      {"one id for all, no index, whole arguments",
       call(R"({"id":"0","function":{"name":"f","arguments":"{\"a\":1}"}})") +
           call(R"({"id":"0","function":{"name":"g","arguments":"{}"}})") +
           call(R"({"id":"0","function":{"name":"g","arguments":"{\"a\":2}"}})"),
       R"(["tool",0,"0","f"],["args",0,"{\"a\":1}"],["tool",1,"0","g"],["args",1,"{}"],)"
       R"(["tool",2,"0","g"],["args",2,"{\"a\":2}"])"},
      {"one id for all, the same tool",
       call(R"({"id":"0","function":{"name":"f","arguments":"{\"a\":1}"}})") +
           call(R"({"id":"0","function":{"name":"f","arguments":"{\"a\":2}"}})"),
       R"(["tool",0,"0","f"],["args",0,"{\"a\":1}"],["tool",1,"0","f"],["args",1,"{\"a\":2}"])"},
      {"one index and one id for all",
       call(R"({"index":0,"id":"x","function":{"name":"f","arguments":"{\"a\":1}"}})") +
           call(R"({"index":0,"id":"x","function":{"name":"g","arguments":"{}"}})"),
       R"(["tool",0,"x","f"],["args",0,"{\"a\":1}"],["tool",1,"x","g"],["args",1,"{}"])"},
      {"one index for all, in pieces",
       call(R"({"index":0,"id":"x","function":{"name":"f","arguments":"{}"}})") +
           call(R"({"index":0,"id":"y","function":{"name":"g","arguments":"{"}})") +
           call(R"({"index":0,"function":{"arguments":"}"}})"),
       R"(["tool",0,"x","f"],["args",0,"{}"],["tool",1,"y","g"],["args",1,"{"],["args",1,"}"])"},
      {"neither index nor id",
       call(R"({"function":{"name":"f","arguments":"{\"a\":1}"}})") +
           call(R"({"function":{"name":"g","arguments":"{}"}})"),
       R"(["tool",0,"","f"],["args",0,"{\"a\":1}"],["tool",1,"","g"],["args",1,"{}"])"},
      {"a new id with each piece",
       call(R"({"index":0,"id":"x","function":{"name":"f","arguments":"{"}})") +
           call(R"({"index":0,"id":"y","function":{"arguments":"}"}})"),
       R"(["tool",0,"x","f"],["args",0,"{"],["args",0,"}"])"},
      {"no arguments at all", call(R"({"index":0,"id":"x","function":{"name":"f"}})"),
       R"(["tool",0,"x","f"])"},
  });
}

TEST_CASE("calls: names in pieces, names repeated") {
  check_chat({
      {"in pieces",
       call(R"({"index":0,"id":"x","function":{"name":"fi"}})") +
           call(R"({"index":0,"function":{"name":"les"}})") +
           call(R"({"index":0,"function":{"arguments":"{}"}})"),
       R"(["tool",0,"x","files"],["args",0,"{}"])"},
      {"after the id",
       call(R"({"index":0,"id":"x"})") +
           call(R"({"index":0,"function":{"name":"f","arguments":"{}"}})"),
       R"(["tool",0,"x","f"],["args",0,"{}"])"},
      {"repeated",
       call(R"({"index":0,"id":"x","function":{"name":"f","arguments":"{"}})") +
           call(R"({"index":0,"id":"x","function":{"name":"f","arguments":"}"}})"),
       R"(["tool",0,"x","f"],["args",0,"{"],["args",0,"}"])"},
  });
}

TEST_CASE("calls: arguments twice") {
  const std::string whole =
      R"({"index":0,"id":"x","function":{"name":"f","arguments":"{\"a\": 1}"}})";
  check_chat({
      {"at once", call(whole) + call(whole), R"(["tool",0,"x","f"],["args",0,"{\"a\": 1}"])"},
      {"without the name",
       call(whole) + call(R"({"index":0,"function":{"arguments":"{\"a\":1}"}})"),
       R"(["tool",0,"x","f"],["args",0,"{\"a\": 1}"])"},
      {"after their pieces",
       call(R"({"index":0,"id":"x","function":{"name":"f","arguments":"{\"a\""}})") +
           call(R"({"index":0,"function":{"arguments":":1}"}})") + call(whole),
       R"(["tool",0,"x","f"],["args",0,"{\"a\""],["args",0,":1}"])"},
      {"an empty object before the real ones",
       call(R"({"index":0,"id":"x","function":{"name":"f","arguments":"{}"}})") +
           call(R"({"index":0,"function":{"arguments":"{\"a\""}})") +
           call(R"({"index":0,"function":{"arguments":":1}"}})"),
       R"(["tool",0,"x","f"],["args",0,"{}"],["args",0,"{\"a\"","replaces"],["args",0,":1}"])"},
      {"in the whole message at the end",
       call(whole) + data(R"({"choices":[{"message":{"tool_calls":[)" + whole + "]}}]}"),
       R"(["tool",0,"x","f"],["args",0,"{\"a\": 1}"])"},
  });
}

TEST_CASE("calls: text before, between and after them keeps its place") {
  check_chat({
      {"text that might begin a tag",
       delta(R"("content":"<thi")") + call(R"({"index":0,"id":"x","function":{"name":"f"}})") +
           delta(R"("content":"nk")"),
       R"(["text","<thi"],["tool",0,"x","f"],["text","nk"])"},
      {"reasoning in tags",
       delta(R"("content":"<think>hm")") + call(R"({"index":0,"id":"x","function":{"name":"f"}})"),
       R"(["reasoning","hm"],["tool",0,"x","f"])"},
  });
}

TEST_CASE("calls: the state of Chat Completions comes last, and only with calls") {
  const std::string one = call(R"({"index":0,"id":"x","function":{"name":"f","arguments":"{}"}})");
  check_chat({
      {"DeepSeek",
       delta(R"("reasoning_content":"h")") + delta(R"("reasoning_content":"\ud83d")") +
           delta(R"("reasoning_content":"\ude00")") + one,
       "[\"reasoning\",\"h\xF0\x9F\x98\x80\"]," +
           std::string(R"(["tool",0,"x","f"],["args",0,"{}"],)") +
           "[\"turn_state\",{\"reasoning_content\":\"h\xF0\x9F\x98\x80\"}]"},
      {"Gemini",
       call(R"({"index":0,"id":"x","function":{"name":"f","arguments":"{}"},)"
            R"("extra_content":{"google":{"thought_signature":"S"}}})") +
           call(R"({"index":1,"id":"y","function":{"name":"g","arguments":"{}"}})"),
       R"(["tool",0,"x","f"],["args",0,"{}"],["tool",1,"y","g"],["args",1,"{}"],)"
       R"(["turn_state",{"calls":[{"extra_content":{"google":{"thought_signature":"S"}}},null]}])"},
      {"OpenRouter",
       delta(R"("reasoning":"a","reasoning_details":[{"type":"reasoning.text","text":"a",)"
             R"("signature":null,"format":"x","index":0}])") +
           delta(
               R"("reasoning":"b","reasoning_details":[{"type":"reasoning.text","text":"b","index":0}])") +
           delta(R"("reasoning_details":[{"type":"reasoning.text","signature":"S","index":0}])") +
           delta(
               R"("reasoning_details":[{"type":"reasoning.encrypted","data":"E","id":"r","index":1}])") +
           one,
       R"(["reasoning","ab"],["tool",0,"x","f"],["args",0,"{}"],["turn_state",{"reasoning_details":[)"
       R"({"type":"reasoning.text","text":"ab","format":"x","index":0,"signature":"S"},)"
       R"({"type":"reasoning.encrypted","data":"E","id":"r","index":1}]}])"},
  });
  testing::check_decoder(
      Api::kChat,
      {{"no calls", delta(R"("reasoning_content":"h","content":"a")") + kChatEnd,
        ended("tool_calls", R"(["reasoning","h"],["text","a"])")},
       {"a whole answer",
        R"({"choices":[{"message":{"reasoning_content":"h","content":null,"tool_calls":[)"
        R"({"id":"x","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]})",
        ended("tool_calls", R"(["reasoning","h"],["tool",0,"x","f"],["args",0,"{}"],)"
                            R"(["turn_state",{"reasoning_content":"h"}])")}});
}

TEST_CASE("sources of Chat Completions") {
  const std::string source = R"("annotations":[{"type":"url_citation","url_citation":)"
                             R"({"url":"https://a","title":"A","start_index":1}}])";
  check_chat({
      {"once per place",
       delta(R"("content":"x",)" + source) + delta(source) +
           delta(R"("annotations":[{"type":"url_citation","url":"https://a","start_index":9}])"),
       R"(["text","x"],["source","https://a","A"],["source","https://a",""])"},
      {"a list of the whole answer",
       data(R"({"citations":["https://a"],"choices":[{"delta":{"content":"x"}}]})") +
           data(R"({"citations":["https://a","https://b"],"choices":[{"delta":{"content":"y"}}]})"),
       R"(["text","xy"],["source","https://a",""],["source","https://b",""])"},
  });
}

// Messages.

std::string message_event(const std::string& type, const std::string& members) {
  return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + members + "}\n\n";
}
std::string block(int index, const std::string& start, const std::vector<std::string>& deltas) {
  const std::string at = ",\"index\":" + std::to_string(index);
  std::string out =
      message_event("content_block_start", at + R"(,"content_block":{)" + start + "}");
  for (const std::string& one : deltas) {
    out += message_event("content_block_delta", at + R"(,"delta":{)" + one + "}");
  }
  return out + message_event("content_block_stop", at);
}
const std::string kMessageEnd =
    message_event("message_delta", R"(,"delta":{"stop_reason":"tool_use"})") +
    message_event("message_stop", "");

std::string text_block(int index, const std::string& text) {
  return block(index, R"("type":"text","text":"")",
               {R"("type":"text_delta","text":")" + text + "\""});
}
std::string tool_block(int index, const std::string& id) {
  return block(index, R"("type":"tool_use","id":")" + id + R"(","name":"f","input":{})",
               {R"("type":"input_json_delta","partial_json":"")",
                R"("type":"input_json_delta","partial_json":"{\"x\":1}")"});
}
std::string thinking_block(int index, const std::vector<std::string>& signatures) {
  std::vector<std::string> deltas = {R"("type":"thinking_delta","thinking":"h")",
                                     R"("type":"thinking_delta","thinking":"m")"};
  for (const std::string& one : signatures) {
    deltas.push_back(R"("type":"signature_delta","signature":")" + one + "\"");
  }
  return block(index, R"("type":"thinking","thinking":"","signature":"")", deltas);
}

TEST_CASE("states and sources of Messages") {
  const std::string signed_state =
      R"(["state",{"type":"thinking","thinking":"hm","signature":"abc"}])";
  testing::check_decoder(
      Api::kMessages,
      {{"thinking, call, thinking, text, call",
        thinking_block(0, {"a", "b", "c"}) + tool_block(1, "t1") + thinking_block(2, {"abc"}) +
            text_block(3, "x") + tool_block(4, "t2") + kMessageEnd,
        ended("tool_use", R"(["reasoning","hm"],)" + signed_state +
                              R"(,["tool",1,"t1","f"],["args",1,"{\"x\":1}"],)"
                              R"(["reasoning","\n\nhm"],)" +
                              signed_state +
                              R"(,["state",{"type":"text"}],["text","x"],)"
                              R"(["tool",4,"t2","f"],["args",4,"{\"x\":1}"])")},
       {"an empty signature", thinking_block(0, {""}) + tool_block(1, "t") + kMessageEnd,
        ended("tool_use", R"(["reasoning","hm"],["state",{"type":"thinking","thinking":"hm"}],)"
                          R"(["tool",1,"t","f"],["args",1,"{\"x\":1}"])")},
       {"redacted thinking, and no thinking text",
        block(0, R"("type":"redacted_thinking","data":"E")", {}) +
            block(1, R"("type":"thinking","thinking":"")",
                  {R"("type":"signature_delta","signature":"s")"}) +
            kMessageEnd,
        ended("tool_use", R"(["state",{"type":"redacted_thinking","data":"E"}],)"
                          R"(["state",{"type":"thinking","thinking":"","signature":"s"}])")},
       {"a search of the provider's is no call; sources come after their text",
        block(0, R"("type":"server_tool_use","id":"s","name":"web_search","input":{})",
              {R"("type":"input_json_delta","partial_json":"{\"query\":\"q\"}")"}) +
            block(1,
                  R"("type":"web_search_tool_result","tool_use_id":"s","content":[)"
                  R"({"type":"web_search_result","url":"https://n","title":"N"}])",
                  {}) +
            block(2, R"("type":"text","text":"","citations":[])",
                  {R"("type":"citations_delta","citation":{"url":"https://a","title":"A"})",
                   R"("type":"text_delta","text":"x")",
                   R"("type":"citations_delta","citation":{"url":"https://a","title":"A"})"}) +
            block(3, R"("type":"text","text":"y","citations":[{"url":"https://a","title":null}])",
                  {}) +
            kMessageEnd,
        ended("tool_use", R"(["text","x"],["source","https://a","A"],["text","y"],)"
                          R"(["source","https://a",""])")}});
}

// Responses.

std::string item_event(const std::string& type, int place, const std::string& item) {
  return data(R"({"type":"response.)" + type + R"(","output_index":)" + std::to_string(place) +
              R"(,"item":{)" + item + "}}");
}
std::string arguments_event(int place, const std::string& piece) {
  return data(R"({"type":"response.function_call_arguments.delta","output_index":)" +
              std::to_string(place) + R"(,"delta":")" + piece + "\"}");
}
std::string function(const std::string& id, const std::string& arguments) {
  return R"("type":"function_call","id":"fc_)" + id + R"(","call_id":")" + id +
         R"(","name":"f","arguments":")" + arguments + "\"";
}
const std::string kResponsesEnd =
    data(R"({"type":"response.completed","response":{"status":"completed","output":[]}})");
const std::string kReasoning =
    R"("type":"reasoning","id":"rs","summary":[],"encrypted_content":"E","status":null)";
const std::string kReasoningState =
    R"(["state",{"type":"reasoning","id":"rs","summary":[],"encrypted_content":"E"}])";

TEST_CASE("states of Responses") {
  const std::string both =
      kReasoningState +
      R"(,["state",{"type":"message","phase":"commentary","id":"m"}],["text","x"],)"
      R"(["state",{"type":"function_call","call_id":"a","id":"fc_a"}],["tool",2,"a","f"],)"
      R"(["args",2,"{}"])";
  testing::check_decoder(
      Api::kResponses,
      {{"reasoning, text with a phase, a call",
        item_event("output_item.added", 0, R"("type":"reasoning","id":"rs","summary":[])") +
            item_event("output_item.done", 0, kReasoning) +
            item_event("output_item.added", 1,
                       R"("type":"message","id":"m","phase":"commentary","content":[])") +
            data(R"({"type":"response.output_text.delta","output_index":1,"delta":"x"})") +
            item_event("output_item.done", 1,
                       R"("type":"message","id":"m","phase":"commentary","content":[)"
                       R"({"type":"output_text","text":"x"}])") +
            item_event("output_item.added", 2, function("a", "")) + arguments_event(2, "{}") +
            item_event("output_item.done", 2, function("a", "{}")) + kResponsesEnd,
        ended("stop", both)},
       {"a whole answer",
        R"({"object":"response","status":"completed","output":[{)" + kReasoning +
            R"(},{"type":"message","id":"m","phase":"commentary","content":[)"
            R"({"type":"output_text","text":"x"}]},{)" +
            function("a", "{}") + "}]}",
        ended("stop", both)},
       {"reasoning that nobody keeps",
        item_event("output_item.done", 0, R"("type":"reasoning","id":"rs","summary":[])") +
            item_event("output_item.done", 1, function("a", "{}")) + kResponsesEnd,
        ended("stop", R"(["tool",1,"a","f"],["args",1,"{}"])")},
       {"a search by the provider",
        item_event("output_item.done", 0, kReasoning) +
            item_event("output_item.done", 1,
                       R"("type":"web_search_call","id":"w","status":"completed",)"
                       R"("action":{"type":"search","query":"q"})") +
            kResponsesEnd,
        ended("stop", kReasoningState +
                          R"(,["state",{"type":"web_search_call","id":"w","status":"completed",)"
                          R"("action":{"type":"search","query":"q"}}])")}});
}

TEST_CASE("calls: in Responses the finished item is the truth") {
  const auto one = [](const std::string& piece, const std::string& final) {
    return item_event("output_item.added", 0, function("a", "")) + arguments_event(0, piece) +
           item_event("output_item.done", 0, function("a", final)) + kResponsesEnd;
  };
  testing::check_decoder(
      Api::kResponses,
      {{"more than its pieces", one(R"({\"a\")", R"({\"a\":1})"),
        ended("stop", R"(["tool",0,"a","f"],["args",0,"{\"a\""],["args",0,":1}"])")},
       {"other than its pieces", one(R"({\"b\":2})", R"({\"a\":1})"),
        ended("stop", R"(["tool",0,"a","f"],["args",0,"{\"b\":2}"],)"
                      R"(["args",0,"{\"a\":1}","replaces"])")},
       {"less than its pieces", one(R"({\"b\":{)", R"({})"),
        ended("stop", R"(["tool",0,"a","f"],["args",0,"{\"b\":{"],["args",0,"{}","replaces"])")},
       {"incomplete, and the arguments happen to parse",
        item_event("output_item.added", 0, function("a", "")) + arguments_event(0, "{}") +
            data(R"({"type":"response.incomplete","response":{"status":"incomplete",)"
                 R"("incomplete_details":{"reason":"max_output_tokens"}}})"),
        ended("max_output_tokens", R"(["tool",0,"a","f"],["args",0,"{}"])")}});
}

TEST_CASE("sources of Responses") {
  const std::string a = R"({"type":"url_citation","url":"https://a","title":"A","start_index":)";
  const auto added = [&](int start) {
    return data(R"({"type":"response.output_text.annotation.added","output_index":0,)"
                R"("content_index":0,"annotation":)" +
                a + std::to_string(start) + "}}");
  };
  const std::string text =
      data(R"({"type":"response.output_text.delta","output_index":0,"delta":"x"})");
  const std::string done = item_event(
      "output_item.done", 0,
      R"("type":"message","content":[{"type":"output_text","text":"xx","annotations":[)" + a +
          "1}," + a + "2}," + a + "3}]}]");
  testing::check_decoder(
      Api::kResponses,
      {{"as events, the rest with the item",
        text + added(1) + text + added(2) + done + kResponsesEnd,
        ended("stop", R"(["text","x"],["source","https://a","A"],["text","x"],)"
                      R"(["source","https://a","A"],["source","https://a","A"])")}});
}

TEST_CASE("calls: a repeated text held back comes before the call") {
  const auto decoder = make_decoder(Api::kChat, "Once upon");
  std::vector<Event> events;
  decoder->head(200, {});
  decoder->feed(delta(R"("content":"Once")") +
                    call(R"({"index":0,"id":"x","function":{"name":"f"}})") + kChatEnd,
                events);
  REQUIRE(events.size() == 4);
  CHECK(std::get<TextDelta>(events[0]).text == "Once");
  CHECK(std::get<ToolCall>(events[1]).name == "f");
}

}  // namespace
}  // namespace chatvim::wire::tools_decoder_test
