// SPDX-License-Identifier: Apache-2.0
// Deviations of real Chat Completions servers from the standard, one row each, cut at every
// position.
#include <catch2/catch_test_macros.hpp>

#include "chat_support.hpp"

namespace chatvim::wire {
namespace {

using namespace testing::chat;
using testing::decode;

TEST_CASE("chat: incorrect framing") {
  check({
      {"JSON on an indented line after `data:`",
       "data:\n  {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n" + kEnd,
       ended({R"(["text","a"])"})},
      {"no [DONE]", content("a") + kStop, ended({R"(["text","a"])"})},
      {"[DONE] without a finish reason", content("a") + kDone,
       list({R"(["text","a"])", R"(["end","ok"])"})},
      {"anything after [DONE]",
       content("a") + kEnd + content("b") + data(R"({"error":{"message":"late"}})"),
       ended({R"(["text","a"])"})},
      {"heartbeats",
       ": ping\n\ndata:\n\nevent: ping\ndata: now\n\ndata:  \n\n" + content("a") + kEnd,
       ended({R"(["text","a"])"})},
      {"values that are no chunks",
       data("null") + data("1") + data("\"x\"") + data("[]") + content("a") + kEnd,
       ended({R"(["text","a"])"})},
      {"CR alone ends lines",
       "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}\r\r",
       ended({R"(["text","a"])"})},
      {"cut inside the last event", content("a") + kStop + "data: {\"usa",
       ended({R"(["text","a"])"})},
      {"nothing at all", "",
       list(
           {R"(["error",{"kind":"truncated","message":"stream ended without finish_reason","retry":false}])"})},
      {"only comments", ": a\n\n: b\n\n",
       list(
           {R"(["error",{"kind":"truncated","message":"stream ended without finish_reason","retry":false}])"})},
      {"an event that is no JSON", content("a") + "data: {oops}\n\n" + kEnd,
       list({R"(["text","a"])", R"(["warning","unreadable","{oops}"])", R"(["finish","stop"])",
             R"(["end","ok"])"})},
      {"half a byte-order mark before a page", "\xEF<title>Log in</title>",
       list(
           {R"(["error",{"kind":"protocol","message":"the server answered with a web page: Log in","retry":false}])"})},
      {"a web page", "\n <html><head><title>Log in &amp; go</title></head></html>",
       list(
           {R"(["error",{"kind":"protocol","message":"the server answered with a web page: Log in & go","retry":false}])"})},
  });
}

TEST_CASE("chat: whole answers instead of a stream") {
  const std::string answer =
      R"({"choices":[{"index":0,"message":{"role":"assistant","content":"Hi","reasoning_content":"hm"},"finish_reason":"stop"}]})";
  check({
      {"after the blank lines of a queue", "\n\n\n \n" + answer,
       ended({R"(["reasoning","hm"])", R"(["text","Hi"])"})},
      {"after a byte-order mark", "\xEF\xBB\xBF" + answer,
       ended({R"(["reasoning","hm"])", R"(["text","Hi"])"})},
      {"as the only event of a stream", data(answer) + kDone,
       ended({R"(["reasoning","hm"])", R"(["text","Hi"])"})},
      {"repeated after the deltas", content("Hi") + data(answer) + kDone,
       ended({R"(["text","Hi"])"})},
      {"without a finish reason", R"({"choices":[{"message":{"content":"Hi"}}]})",
       list({R"(["text","Hi"])", R"(["end","ok"])"})},
      {"cut", answer.substr(0, 60),
       list(
           {R"(["error",{"kind":"truncated","message":"the answer was cut inside its JSON","retry":false}])"})},
      {"neither answer nor error", R"({"status":"fine"})",
       list(
           {R"(["error",{"kind":"protocol","message":"the answer holds no message: {\"status\":\"fine\"}","retry":false}])"})},
      {"an error as an array",
       R"([{"error":{"code":400,"message":"no","status":"INVALID_ARGUMENT"}}])",
       list({R"(["error",{"kind":"bad_request","message":"no","retry":false}])"})},
  });
}

TEST_CASE("chat: reasoning under all its names") {
  check({
      {"reasoning", delta(R"("reasoning":"hm")") + content("a") + kEnd,
       ended({R"(["reasoning","hm"])", R"(["text","a"])"})},
      {"two names, one text",
       delta(R"("content":"a","reasoning":"hm","reasoning_content":"hm")") + kEnd,
       ended({R"(["reasoning","hm"])", R"(["text","a"])"})},
      {"reasoning goes first", delta(R"("content":"a","reasoning_content":"hm")") + kEnd,
       ended({R"(["reasoning","hm"])", R"(["text","a"])"})},
      {"only details",
       delta(
           R"("reasoning_details":[{"type":"reasoning.summary","summary":"h"},{"type":"reasoning.text","text":"m"}])") +
           content("a") + kEnd,
       ended({R"(["reasoning","hm"])", R"(["text","a"])"})},
      {"details repeat what came before",
       delta(R"("reasoning":"hm")") + delta(R"("reasoning_details":[{"text":"hm"}])") +
           content("a") + kEnd,
       ended({R"(["reasoning","hm"])", R"(["text","a"])"})},
      {"typed parts",
       delta(
           R"("content":[{"thinking":[{"text":"h","type":"text"},{"type":"text","text":"m"}],"type":"thinking"},{"type":"reference","reference_ids":[1]},{"type":"text","text":"a"}])") +
           delta(
               R"("content":[[],null,1,"b",{"text":"c"},{"type":"text","text":["d",{"text":"e"}]}])") +
           kEnd,
       ended({R"(["reasoning","hm"])", R"(["text","abcde"])"})},
      {"a refusal as a part", delta(R"("content":[{"type":"refusal","refusal":"no"}])") + kEnd,
       ended({R"(["refusal","no"])"})},
  });
}

TEST_CASE("chat: reasoning in objects, lists and under rarer names") {
  const auto hm = ended({R"(["reasoning","hm"])", R"(["text","a"])"});
  check({
      {"reasoning_text", delta(R"("reasoning_text":"hm")") + content("a") + kEnd, hm},
      {"thinking", delta(R"("thinking":"hm")") + content("a") + kEnd, hm},
      {"an object", delta(R"("reasoning_content":{"text":"hm"})") + content("a") + kEnd, hm},
      {"a list", delta(R"("reasoning":[{"text":"h"},"m"])") + content("a") + kEnd, hm},
      {"a part with summaries",
       delta(
           R"("content":[{"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]}])") +
           delta(R"("content":[{"type":"text","text":"a"}])") + kEnd,
       hm},
  });
}

TEST_CASE("chat: reasoning in other tags, and in channels") {
  const auto hm = ended({R"(["reasoning","hm"])", R"(["text","a"])"});
  check({
      {"<thought>", content("<thought>hm") + content("</thought>a") + kEnd, hm},
      {"<thinking>", content("<thinking>hm</thinking>a") + kEnd, hm},
      {"[THINK]", content("[THINK]hm[/THINK]a") + kEnd, hm},
      {"channels",
       content("<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final") +
           content("<|message|>a") + kEnd,
       hm},
      {"a channel of the answer alone", content("<|channel|>final<|message|>a") + kEnd,
       ended({R"(["text","a"])"})},
      {"a list that begins with a bracket", content("[TH") + content("E]a") + kEnd,
       ended({R"(["text","[THE]a"])"})},
  });
}

TEST_CASE("chat: an end of reasoning without a beginning") {
  check({
      {"on a line of its own", content("hm\\n</think>\\n\\na") + kEnd,
       ended({R"(["text","hm\n"])", R"(["was_reasoning"])", R"(["text","\n\na"])"})},
      {"at the start", content("</think>\\na") + kEnd,
       ended({R"(["was_reasoning"])", R"(["text","\na"])"})},
      {"as the last line", content("hm\\n</think>") + kEnd,
       ended({R"(["text","hm\n"])", R"(["was_reasoning"])"})},
      {"after a code block", content("```\\nb\\n```\\n</think>\\na") + kEnd,
       ended({R"(["text","```\nb\n```\n"])", R"(["was_reasoning"])", R"(["text","\na"])"})},
      {"in a code block", content("```\\n</think>\\n```\\na") + kEnd,
       ended({R"(["text","```\n</think>\n```\na"])"})},
      {"in a line", content("hm </think>\\na") + kEnd, ended({R"(["text","hm </think>\na"])"})},
      {"with more on its line", content("hm\\n</think> a") + kEnd,
       ended({R"(["text","hm\n</think> a"])"})},
      {"after a beginning", content("x <think>\\nhm\\n</think>\\na") + kEnd,
       ended({R"(["text","x <think>\nhm\n</think>\na"])"})},
      {"once", content("h\\n</think>\\na\\n</think>\\nb") + kEnd,
       ended({R"(["text","h\n"])", R"(["was_reasoning"])", R"(["text","\na\n</think>\nb"])"})},
  });
}

TEST_CASE("chat: <think> tags at the start of the answer") {
  check({
      {"in one piece", content("<think>hm</think>a") + kEnd,
       ended({R"(["reasoning","hm"])", R"(["text","a"])"})},
      {"cut in many",
       content("<") + content("thi") + content("nk>h") + content("m<") + content("/thin") +
           content("k") + content(">a<th") + content("ink>b") + kEnd,
       ended({R"(["reasoning","hm"])", R"(["text","a<think>b"])"})},
      {"after white space", content(" \\n") + content("<think>hm</think>\\n\\na") + kEnd,
       ended({R"(["reasoning","hm"])", R"(["text","\n\na"])"})},
      {"look-alikes inside", content("<think>a</thin b</t</think>c") + kEnd,
       ended({R"(["reasoning","a</thin b</t"])", R"(["text","c"])"})},
      {"not at the start", content("a <think>b</think>") + kEnd,
       ended({R"(["text","a <think>b</think>"])"})},
      {"a look-alike at the start", content("<thi") + content("s>") + kEnd,
       ended({R"(["text","<this>"])"})},
      {"held back to the end", content("\\n<thin") + kEnd, ended({R"(["text","\n<thin"])"})},
      {"never closed", content("<think>hm</thi") + kEnd, ended({R"(["reasoning","hm</thi"])"})},
      {"held back when the stream is cut", content("<thin"),
       list(
           {R"(["text","<thin"])",
            R"(["error",{"kind":"truncated","message":"stream ended without finish_reason","retry":false}])"})},
      {"only white space", content(" ") + kEnd, ended({R"(["text"," "])"})},
  });
}

TEST_CASE("chat: usage in all its positions") {
  const auto with_usage = [](const char* usage) {
    Json out = ended({R"(["text","a"])"});
    out.insert(out.end() - 1, Json::array({"usage", Json::parse(usage)}));
    return out;
  };
  const std::string last = R"("usage":{"prompt_tokens":9,"completion_tokens":2})";
  check({
      {"on every chunk, the last counts",
       data(
           R"({"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":9,"completion_tokens":1}})") +
           kStop + data(R"({"choices":[],)" + last + "}") + data(R"({"choices":[],"usage":null})") +
           kDone,
       with_usage(R"({"in":9,"out":2})")},
      {"in the choice", content("a") + delta("", R"(,"finish_reason":"stop",)" + last) + kDone,
       with_usage(R"({"in":9,"out":2})")},
      {"Kimi",
       content("a") + kStop +
           data(R"({"usage":{"prompt_tokens":9,"completion_tokens":2,"cached_tokens":4}})") + kDone,
       with_usage(R"({"in":9,"out":2,"cached":4})")},
      {"DeepSeek",
       content("a") + kStop +
           data(
               R"({"usage":{"prompt_tokens":9,"completion_tokens":2,"prompt_cache_hit_tokens":4}})") +
           kDone,
       with_usage(R"({"in":9,"out":2,"cached":4})")},
      {"wrong types",
       content("a") + kStop +
           data(
               R"({"usage":{"prompt_tokens":"9","completion_tokens":2.0,"prompt_tokens_details":null,"completion_tokens_details":[1]}})") +
           kDone,
       with_usage(R"({"out":2})")},
      {"empty", content("a") + kStop + data(R"({"usage":{}})") + kDone, ended({R"(["text","a"])"})},
  });
}

TEST_CASE("chat: choices") {
  check({
      {"the index after the delta",
       data(
           R"({"choices":[{"delta":{"content":"no"},"index":1},{"delta":{"content":"a"},"index":0}]})") +
           kEnd,
       ended({R"(["text","a"])"})},
      {"no index",
       data(R"({"choices":[null,{"delta":{"content":"a"}},{"delta":{"content":"no"}}]})") + kEnd,
       ended({R"(["text","a"])"})},
      {"the same index twice",
       data(
           R"({"choices":[{"index":0,"delta":{"content":"a"}},{"index":0,"delta":{"content":"b"}}]})") +
           kEnd,
       ended({R"(["text","ab"])"})},
      {"another choice's finish reason",
       data(R"({"choices":[{"index":1,"delta":{},"finish_reason":"length"}]})") + content("a") +
           kEnd,
       ended({R"(["text","a"])"})},
      {"escaped names", data(R"({"ch\u006fices":[{"delta":{"c\u006fntent":"a"}}]})") + kEnd,
       ended({R"(["text","a"])"})},
      {"unknown finish reasons",
       content("a") + delta("", R"(,"finish_reason":"sensitive")") + kDone,
       list({R"(["text","a"])", R"(["finish","sensitive"])", R"(["end","ok"])"})},
      {"usage chunk with an empty finish reason",
       content("a") + kStop + delta("", R"(,"finish_reason":"")") + kDone,
       ended({R"(["text","a"])"})},
  });
}

TEST_CASE("chat: tool calls") {
  const auto call = [](const std::string& json) { return delta("\"tool_calls\":" + json); };
  check({
      {"index null, id on the whole call",
       call(
           R"([{"index":null,"id":"x","function":{"name":"f","arguments":"{}"}},{"id":"y","function":{"name":"g","arguments":"[]"}}])") +
           kEnd,
       ended({R"(["tool",0,"x","f"])", R"(["args",0,"{}"])", R"(["tool",1,"y","g"])",
              R"(["args",1,"[]"])"})},
      {"the id on every piece",
       call(R"([{"index":0,"id":"x","function":{"name":"f","arguments":"{"}}])") +
           call(R"([{"index":0,"id":"x","function":{"arguments":"}"}}])") + kEnd,
       ended({R"(["tool",0,"x","f"])", R"(["args",0,"{"])", R"(["args",0,"}"])"})},
      {"one index for all",
       call(
           R"([{"index":0,"id":"x","function":{"name":"f"}},{"index":0,"id":"y","function":{"name":"g","arguments":"1"}}])") +
           kEnd,
       ended({R"(["tool",0,"x","f"])", R"(["tool",1,"y","g"])", R"(["args",1,"1"])"})},
      {"no index and no id goes on",
       call(R"([{"index":3,"id":"x","function":{"name":"f"}}])") +
           call(R"([{"function":{"arguments":"1"}}])") + kEnd,
       ended({R"(["tool",3,"x","f"])", R"(["args",3,"1"])"})},
      {"arguments as an object",
       call(R"([{"id":"x","function":{"name":"f","arguments":{"a": [1]}}}])") + kEnd,
       ended({R"(["tool",0,"x","f"])", R"(["args",0,"{\"a\": [1]}"])"})},
      {"the old function_call",
       delta(R"("function_call":{"name":"f","arguments":""})") +
           delta(R"("function_call":{"arguments":"1"})") + kEnd,
       ended({R"(["tool",0,"","f"])", R"(["args",0,"1"])"})},
      {"half an escape",
       call(R"([{"index":0,"id":"x","function":{"name":"f","arguments":"\"\\"}}])") +
           call(R"([{"index":0,"function":{"arguments":"n\""}}])") + kEnd,
       ended({R"(["tool",0,"x","f"])", R"(["args",0,"\"\\"])", R"(["args",0,"n\""])"})},
      {"nothing in the list", call(R"([null,{},1,{"function":null}])") + content("a") + kEnd,
       ended({R"(["text","a"])"})},
  });
}

}  // namespace
}  // namespace chatvim::wire
