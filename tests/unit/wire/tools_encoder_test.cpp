// SPDX-License-Identifier: Apache-2.0
// Answers with calls in requests: steps, results, ids, arguments, offers.
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "answer_support.hpp"
#include "chatvim/wire/tool_name.hpp"
#include "property.hpp"

namespace chatvim::wire::tools_encoder_test {
namespace {

using testing::answer;
using testing::AnswerPart;
using testing::call_part;
using testing::encoded;
using testing::Message;
using testing::Outcome;
using testing::Role;
using testing::row_of;
using testing::state_part;
using testing::text_part;
using testing::turns_in;

const Message kQuestion = {Role::kUser, "q"};

AnswerPart done(std::size_t step, const std::string& id, const std::string& result = "r") {
  return call_part(step, "files.read", id, "{}", Outcome::kResult, result);
}

provider::Provider nine() {
  provider::Provider row;
  row.call_ids = provider::CallIds::kNine;
  return row;
}

TEST_CASE("tools: the three forms of a call and its result") {
  const std::vector<Message> chat = {
      kQuestion, answer({text_part("Look."), call_part(1, "files.read", "id_1", R"({"a": 1})",
                                                       Outcome::kResult, "text")})};
  CHECK(
      turns_in(row_of(Api::kChat), chat).dump() ==
      R"([{"role":"user","content":"q"},{"role":"assistant","content":"Look.","tool_calls":[{"id":"id_1",)"
      R"("type":"function","function":{"name":"files__read","arguments":"{\"a\": 1}"}}]},)"
      R"({"role":"tool","tool_call_id":"id_1","content":"text"}])");
  CHECK(
      turns_in(row_of(Api::kResponses), chat).dump() ==
      R"([{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"output_text","text":"Look."}],)"
      R"("type":"message"},{"type":"function_call","call_id":"id_1","name":"files__read",)"
      R"("arguments":"{\"a\": 1}"},{"type":"function_call_output","call_id":"id_1","output":"text"}])");
  CHECK(
      turns_in(row_of(Api::kMessages), chat).dump() ==
      R"([{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"text","text":"Look."},)"
      R"({"type":"tool_use","id":"id_1","name":"files__read","input":{"a":1}}]},)"
      R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"id_1","content":"text"}]}])");
}

TEST_CASE("tools: arguments go back byte for byte") {
  wire::Prompt prompt;
  const std::vector<Message> chat = {
      answer({call_part(1, "a.b", "i", "{ \"x\":1.0,\n\"y\" : [ ] }")})};
  prompt.messages = chat;
  CHECK(encode_body(row_of(Api::kMessages), prompt).find("\"input\":{ \"x\":1.0,\n\"y\" : [ ] }") !=
        std::string::npos);
  CHECK(encode_body(row_of(Api::kChat), prompt)
            .find(R"("arguments":"{ \"x\":1.0,\n\"y\" : [ ] }")") != std::string::npos);
}

TEST_CASE("tools: no arguments, cut arguments, and others that are no object") {
  const auto input = [](const std::string& arguments, bool is_json = true) {
    AnswerPart part = call_part(1, "a.b", "i", arguments);
    part.call.is_json = is_json;
    const Json turns = turns_in(row_of(Api::kMessages), {answer({part})});
    return turns[0]["content"][0]["input"].dump() + " " +
           turns[1]["content"][0]["content"].get<std::string>();
  };
  CHECK(input("") == "{} The user did not run this call.");
  CHECK(input(" \n") == "{} The user did not run this call.");
  const std::string not_run =
      " This call was not run: its arguments were cut off or are not a JSON object.";
  CHECK(input(R"({"path": "a)", false) == R"({"malformed":"{\"path\": \"a"})" + not_run);
  CHECK(input(R"({"path": "a)") == R"({"malformed":"{\"path\": \"a"})" + not_run);
  CHECK(input("[1]") == R"({"malformed":"[1]"})" + not_run);
  CHECK(input("{} {}") == R"({"malformed":"{} {}"})" + not_run);
  CHECK(input("{\"a\":NaN}") == R"({"malformed":"{\"a\":NaN}"})" + not_run);
}

TEST_CASE("tools: the parts of an answer with one step number are one turn") {
  const Json turns =
      turns_in(row_of(Api::kChat),
               {kQuestion, answer({text_part("1"), done(1, "a"), text_part("2"), done(1, "b"),
                                   text_part("3"), done(2, "c"), done(1, "d"), text_part("4")})});
  std::string shape;
  for (const Json& turn : turns) {
    shape += turn["role"].get<std::string>().front();
    if (turn["content"].is_string()) shape += ":" + turn["content"].get<std::string>();
    if (turn.contains("tool_calls")) {
      for (const Json& call : turn["tool_calls"]) shape += "+" + call["id"].get<std::string>();
    }
    shape += " ";
  }
  CHECK(shape == "u:q a:1\n\n2+a+b t:r t:r a:3+c t:r a+d t:r a:4 ");
}

TEST_CASE("tools: three results, one refused, one failed, the user's text last") {
  const std::vector<Message> chat = {
      answer({done(1, "a"), call_part(1, "f.g", "b", "{}", Outcome::kRefused, "Too much."),
              call_part(1, "f.g", "c", "{}", Outcome::kError, "no such file"),
              call_part(1, "f.g", "d", "{}", Outcome::kCut, "half")}),
      {Role::kUser, "next"}};
  CHECK(
      turns_in(row_of(Api::kMessages), chat)[1].dump() ==
      R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"r"},)"
      R"({"type":"tool_result","tool_use_id":"b","content":"The user refused this call. Reason: Too much.","is_error":true},)"
      R"({"type":"tool_result","tool_use_id":"c","content":"no such file","is_error":true},)"
      R"({"type":"tool_result","tool_use_id":"d","content":"This call was stopped before it ended. Its output until then:\nhalf","is_error":true},)"
      R"({"type":"text","text":"next"}]})");
  provider::Provider local;
  local.joins_roles = local.system_first = true;
  for (const provider::Provider& row : {row_of(Api::kChat), local}) {
    const Json turns = turns_in(row, chat);
    REQUIRE(turns.size() == 6);
    CHECK(turns[2]["content"] == "Error: The user refused this call. Reason: Too much.");
    CHECK(turns[3]["content"] == "Error: no such file");
    CHECK(turns[5].dump() == R"({"role":"user","content":"next"})");
  }
}

TEST_CASE("tools: an open call in the middle, and an empty result") {
  const std::vector<Message> chat = {answer({call_part(1, "f.g", "a", "{}"), done(1, "b", "")}),
                                     {Role::kUser, "next"}};
  for (const Api api : {Api::kChat, Api::kResponses}) {
    const Json turns = turns_in(row_of(api), chat);
    const char* key = api == Api::kChat ? "content" : "output";
    const std::size_t first = turns.size() - 3;
    CHECK(turns[first][key] == "Error: The user did not run this call.");
    CHECK(turns[first + 1][key] == "(no output)");
  }
}

TEST_CASE("tools: one id for every call over two rounds") {
  const std::vector<Message> chat = {answer({done(1, "call_0"), done(1, "call_0"), text_part("x")}),
                                     {Role::kUser, "next"},
                                     answer({done(1, "call_0"), text_part("y")})};
  std::set<std::string> ids;
  std::vector<std::string> calls;
  std::vector<std::string> results;
  for (const Json& turn : turns_in(row_of(Api::kChat), chat)) {
    if (turn.contains("tool_call_id")) results.push_back(turn["tool_call_id"]);
    if (!turn.contains("tool_calls")) continue;
    for (const Json& call : turn["tool_calls"]) calls.push_back(call["id"]);
  }
  CHECK(calls == std::vector<std::string>{"call_0", "c00000002", "c00000003"});
  CHECK(results == calls);
}

TEST_CASE("tools: an id of Kimi's goes to Kimi, Claude and Mistral, the document unchanged") {
  const std::vector<Message> chat = {
      answer({done(1, "functions.read:0"), done(2, "abcDEF123"), done(3, "c00000001")})};
  const auto ids = [&](const provider::Provider& row) {
    std::vector<std::string> out;
    for (const Json& turn : turns_in(row, chat)) {
      const auto& content = turn["content"];
      if (turn.contains("tool_call_id")) out.push_back(turn["tool_call_id"]);
      if (content.is_array() && content[0]["type"] == "tool_result") {
        out.push_back(content[0]["tool_use_id"]);
      }
    }
    return out;
  };
  using Ids = std::vector<std::string>;
  provider::Provider kimi;
  kimi.call_ids = provider::CallIds::kDotted;
  CHECK(ids(kimi) == Ids{"functions.read:0", "abcDEF123", "c00000001"});
  // A made id is never one that is recorded further on.
  CHECK(ids(row_of(Api::kMessages)) == Ids{"c00000002", "abcDEF123", "c00000001"});
  CHECK(ids(nine()) == Ids{"c00000002", "abcDEF123", "c00000001"});
  const std::vector<Message> claude = {answer({done(1, "toolu_01SECVLyDFucPNaPbASa8zSJ")})};
  CHECK(turns_in(nine(), claude)[1]["tool_call_id"] == "c00000001");
}

TEST_CASE("tools: any document gives a request in which each call has its result") {
  CHECK(testing::holds("calls", 400, [] {
    std::vector<Message> chat;
    const auto count = *rc::gen::inRange<std::size_t>(1, 4);
    for (std::size_t i = 0; i < count; ++i) {
      std::vector<AnswerPart> parts;
      const auto kinds = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 5));
      for (const int kind : kinds) {
        if (kind == 0) parts.push_back(text_part(*rc::gen::element<std::string>("a", "", " \n")));
        if (kind == 1) {
          parts.push_back(state_part(*rc::gen::element<std::string>(
              R"([{"type":"thinking","thinking":"x"},{"type":"text"}])",
              R"([{"type":"reasoning","id":"r"},{"type":"function_call","call_id":"i","id":"f"}])",
              "{", "[[[[]]]]")));
        }
        if (kind > 1) {
          const auto step = *rc::gen::inRange<std::size_t>(0, 3);
          parts.push_back(done(step, *rc::gen::element<std::string>("i", "j", "k:0")));
        }
      }
      chat.push_back(answer(parts));
      if (*rc::gen::arbitrary<bool>()) chat.push_back(kQuestion);
    }
    for (const Json& turn : turns_in(row_of(Api::kMessages), chat)) {
      RC_ASSERT(!turn["content"].empty());
      const bool is_blocks = turn["content"].is_array();
      RC_ASSERT((!is_blocks || turn["content"].back()["type"] != "thinking"));
    }
    std::set<std::string> open;
    for (const Json& turn : turns_in(nine(), chat)) {
      if (turn["role"] == "tool") {
        RC_ASSERT(open.erase(turn["tool_call_id"].get<std::string>()) == 1);
        continue;
      }
      RC_ASSERT(open.empty());
      if (!turn.contains("tool_calls")) continue;
      for (const Json& call : turn["tool_calls"]) {
        RC_ASSERT(open.insert(call["id"].get<std::string>()).second);
      }
    }
    RC_ASSERT(open.empty());
  }));
}

TEST_CASE("tools: offers have what each format requires, and the schema's own text") {
  const std::vector<tools::Tool> offers = {
      {"f.a", "f", "a", "", R"({ "type":"object", "properties":{"x":{"minimum":1.0}} })"},
      {"f.b", "f", "b", "Says.", R"({"properties":{}})"},
      {"f.c", "f", "c", "", "[]"}};
  const auto tools = [&](Api api) {
    Prompt prompt;
    const std::vector<Message> chat = {kQuestion};
    prompt.messages = chat;
    prompt.tools = offers;
    const std::string body = encode_body(row_of(api), prompt);
    return body.substr(body.find("\"tools\":"));
  };
  CHECK(
      tools(Api::kMessages) ==
      R"("tools":[{"name":"f__a","input_schema":{ "type":"object", "properties":{"x":{"minimum":1.0}} }},)"
      R"({"name":"f__b","description":"Says.","input_schema":{"type":"object","properties":{}}},)"
      R"({"name":"f__c","input_schema":{"type":"object","properties":{}}}]})");
  CHECK(tools(Api::kChat)
            .find(R"({"type":"function","function":{"name":"f__b",)"
                  R"("description":"Says.","parameters":)") != std::string::npos);
  CHECK(tools(Api::kResponses)
            .find(R"("parameters":{"type":"object","properties":{}},)"
                  R"("strict":false})") != std::string::npos);
}

TEST_CASE("tools: calls whose tools are not offered") {
  const std::vector<Message> chat = {answer({done(1, "a"), done(2, "b")}), kQuestion};
  const Json messages = encoded(row_of(Api::kMessages), chat);
  CHECK(messages["tools"].dump() ==
        R"([{"name":"files__read","input_schema":{"type":"object","properties":{}}}])");
  CHECK(messages["tool_choice"].dump() == R"({"type":"none"})");
  CHECK_FALSE(encoded(row_of(Api::kChat), chat).contains("tools"));
  CHECK_FALSE(encoded(row_of(Api::kResponses), chat).contains("tools"));
  CHECK_FALSE(encoded(row_of(Api::kMessages), {kQuestion}).contains("tools"));
}

TEST_CASE("tools: the user's own list of tools replaces ours") {
  const Json body = {{"tools", {{{"type", "x"}}}}};
  const Json sent =
      encoded(row_of(Api::kMessages), {answer({done(1, "a")})}, [&](Prompt& p) { p.body = &body; });
  CHECK(sent["tools"].dump() == R"([{"type":"x"}])");
}

TEST_CASE("tools: the mark of the cached prefix stands at the last result") {
  provider::Provider row = row_of(Api::kMessages);
  row.caches_prompts = true;
  const Json turns = turns_in(row, {kQuestion, answer({done(1, "a"), done(1, "b")})});
  CHECK(turns[0]["content"][0].contains("cache_control"));
  CHECK_FALSE(turns[2]["content"][0].contains("cache_control"));
  CHECK(turns[2]["content"][1].contains("cache_control"));
}

TEST_CASE("tools: an answer with calls is continued in its last text") {
  provider::Provider row;
  row.prefill = provider::Prefill::kPrefix;
  const auto chat = [](bool has_text) {
    std::vector<AnswerPart> parts = {text_part("x"), done(1, "a")};
    if (has_text) parts.push_back(text_part("The"));
    return std::vector<Message>{kQuestion, answer(parts)};
  };
  const auto continues = [](Prompt& prompt) { prompt.continues = true; };
  CHECK(encoded(row, chat(true), continues)["messages"].back().dump() ==
        R"({"role":"assistant","content":"The","prefix":true})");
  CHECK(encoded(row, chat(false), continues)["messages"].back()["role"] == "tool");
  Prompt prompt;
  const std::vector<Message> with_text = chat(true);
  prompt.messages = with_text;
  CHECK(last_turn(row, prompt) == "The");
}

TEST_CASE("tools: a web search by the provider") {
  const auto search = [](Prompt& prompt) { prompt.web_search = true; };
  const auto sent = [&](Api api, provider::WebSearch kind) {
    provider::Provider row = row_of(api);
    row.web_search = kind;
    return encoded(row, {kQuestion}, search);
  };
  CHECK(
      sent(Api::kMessages, provider::WebSearch::kTool)["tools"].dump() ==
      R"([{"type":"web_search_20260318","name":"web_search","max_uses":8,"allowed_callers":["direct"]}])");
  CHECK(sent(Api::kResponses, provider::WebSearch::kTool)["tools"].dump() ==
        R"([{"type":"web_search"}])");
  const Json plugin = sent(Api::kChat, provider::WebSearch::kPlugin);
  CHECK(plugin["plugins"].dump() == R"([{"id":"web"}])");
  CHECK_FALSE(plugin.contains("tools"));
  for (const Api api : {Api::kChat, Api::kResponses, Api::kMessages}) {
    CHECK_FALSE(sent(api, provider::WebSearch::kNone).contains("tools"));
  }
}

TEST_CASE("tools: a server of simple input gets system text and answers as strings") {
  provider::Provider row = row_of(Api::kResponses);
  row.simple_input = true;
  const Json body = encoded(row, {{Role::kSystem, "s"}, kQuestion, {Role::kAssistant, "a"}});
  CHECK_FALSE(body.contains("instructions"));
  CHECK(body["input"].dump() == R"([{"role":"system","content":"s"},{"role":"user","content":"q"},)"
                                R"({"role":"assistant","content":"a","type":"message"}])");
}

TEST_CASE("tools: names on the wire and back") {
  CHECK(tool_name("files.read") == "files__read");
  CHECK(tool_name("my-server.get_x") == "my-server__get_x");
  // Each of these could otherwise be the name of another tool, or is not valid.
  const std::vector<std::string> hashed = {"a.b.c",
                                           "a.b__c",
                                           "a__b.c",
                                           "a_.b",
                                           "a._b",
                                           "a__b",
                                           "7.x",
                                           ".x",
                                           "x.",
                                           "",
                                           "a.b/c",
                                           "a." + std::string(80, 'x'),
                                           "a." + std::string(79, 'x') + "y"};
  std::set<std::string> names;
  for (const std::string& label : hashed) {
    INFO(label);
    const std::string name = tool_name(label);
    CHECK(name.size() <= 64);
    CHECK(name.find_first_not_of(
              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
          std::string::npos);
    CHECK((name.front() == '_' || std::isalpha(static_cast<unsigned char>(name.front())) != 0));
    CHECK(names.insert(name).second);
  }
  const std::vector<tools::Tool> tools = {{"files.read", "", "", "", ""},
                                          {"a.b.c", "", "", "", ""}};
  CHECK(label_of("files__read", tools) == "files.read");
  CHECK(label_of("files.read", tools) == "files.read");
  CHECK(label_of(tool_name("a.b.c"), tools) == "a.b.c");
  CHECK(label_of("web__fetch", tools) == "web.fetch");
  CHECK(label_of("rm -rf\n`", tools) == "rm_-rf__");
  CHECK(label_of("", tools) == "unknown");
  CHECK(label_of(std::string(5000, 'x'), tools).size() == 200);
}

}  // namespace
}  // namespace chatvim::wire::tools_encoder_test
