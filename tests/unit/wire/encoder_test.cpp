// SPDX-License-Identifier: Apache-2.0
#include "chatvim/wire/encoder.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "property.hpp"

namespace chatvim::wire {
namespace {

using document::Message;
using document::Role;
using provider::Prefill;
using provider::Provider;
using Fields = std::vector<std::pair<std::string, std::string>>;

const std::vector<Message> kHello = {{Role::kUser, "Hi"}};

Provider openai() {
  Provider provider;
  provider.name = "openai";
  provider.token_limit = "max_completion_tokens";
  provider.reports_usage = true;
  return provider;
}

Prompt prompt(const std::vector<Message>& messages = kHello) {
  Prompt out;
  out.model = "m";
  out.messages = messages;
  return out;
}

constexpr const char* kMessages = R"("messages":[{"role":"user","content":"Hi"}])";

TEST_CASE("encoder: only model, messages and stream") {
  const std::vector<Message> messages = {{Role::kSystem, "Be brief."},
                                         {Role::kUser, "a\n\"b\"\t🙂"},
                                         {Role::kAssistant, "c"},
                                         {Role::kUser, "d"}};
  CHECK(
      encode_body(Provider{}, prompt(messages)) ==
      R"({"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"a\n\"b\"\t🙂"},)"
      R"({"role":"assistant","content":"c"},{"role":"user","content":"d"}],"stream":true})");
}

TEST_CASE("encoder: usage is requested if the provider is known to support it") {
  CHECK(encode_body(openai(), prompt()) ==
        std::string(R"({"model":"m",)") + kMessages +
            R"(,"stream":true,"stream_options":{"include_usage":true}})");
}

TEST_CASE("encoder: parameters in their order, under the provider's names") {
  Prompt one = prompt();
  one.parameters = {{"temperature", 0.5}, {"max_tokens", 100}, {"stop", {"a", "b"}}};
  CHECK(encode_body(Provider{}, one) ==
        std::string(R"({"model":"m",)") + kMessages +
            R"(,"stream":true,"temperature":0.5,"max_tokens":100,"stop":["a","b"]})");
  CHECK(Json::parse(encode_body(openai(), one))["max_completion_tokens"] == 100);
  CHECK_FALSE(Json::parse(encode_body(openai(), one)).contains("max_tokens"));
}

TEST_CASE("encoder: the user's body overrides everything, and tables are merged") {
  Provider provider = openai();
  provider.body = std::make_shared<const Json>(Json{
      {"thinking", {{"type", "enabled"}, {"budget", 1}}}, {"temperature", 1}, {"tags", {"a"}}});
  const Json body = {{"thinking", {{"budget", {{"max", 2}}}}},
                     {"tags", {"b"}},
                     {"stream_options", {{"include_obfuscation", false}}},
                     {"none", nullptr}};
  Prompt one = prompt();
  one.parameters = {{"temperature", 0.5}};
  one.body = &body;
  CHECK(
      encode_body(provider, one) ==
      std::string(R"({"model":"m",)") + kMessages +
          R"(,"stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false},"temperature":1,)"
          R"("thinking":{"type":"enabled","budget":{"max":2}},"tags":["b"],"none":null})");
}

TEST_CASE("encoder: the body may replace model, messages and stream") {
  const Json body = {{"model", "n"}, {"messages", Json::array()}, {"stream", false}};
  Prompt one = prompt();
  one.body = &body;
  CHECK(encode_body(openai(), one) == R"({"model":"n","messages":[],"stream":false})");
}

TEST_CASE("encoder: omit removes a key, whatever set it") {
  Provider provider = openai();
  provider.body = std::make_shared<const Json>(Json{{"x", 1}, {"y", 2}});
  const Json body = {{"z", 3}};
  Prompt one = prompt();
  one.parameters = {{"temperature", 0.5}, {"max_tokens", 9}};
  one.body = &body;
  one.omit = {"x", "z", "temperature", "stream_options", "max_tokens", "not there"};
  CHECK(encode_body(provider, one) ==
        std::string(R"({"model":"m",)") + kMessages + R"(,"stream":true,"y":2})");
  one.omit = {"stream", "x", "y", "z", "temperature", "max_completion_tokens"};
  CHECK(encode_body(provider, one) == std::string(R"({"model":"m",)") + kMessages + "}");
}

TEST_CASE("encoder: a request never has two token limits") {
  const auto limits = [](const Provider& provider, const Prompt& one) {
    const Json sent = Json::parse(encode_body(provider, one));
    Json out = Json::object();
    for (const char* name : {"max_tokens", "max_completion_tokens"}) {
      if (sent.contains(name)) out[name] = sent[name];
    }
    return out.dump();
  };
  Prompt one = prompt();
  one.parameters = {{"max_tokens", 1}};
  Provider provider = openai();
  CHECK(limits(provider, one) == R"({"max_completion_tokens":1})");
  const Json old_name = {{"max_tokens", 2}};
  one.body = &old_name;
  CHECK(limits(provider, one) == R"({"max_tokens":2})");
  provider.body = std::make_shared<const Json>(Json{{"max_completion_tokens", 3}});
  CHECK(limits(provider, one) == R"({"max_tokens":2})");
  const Json both = {{"max_tokens", 4}, {"max_completion_tokens", 5}};
  one.body = &both;
  CHECK(limits(provider, one) == R"({"max_completion_tokens":5})");
  CHECK(limits(Provider{}, one) == R"({"max_tokens":4})");
}

TEST_CASE("encoder: consecutive messages of one role are joined for some providers") {
  const std::vector<Message> messages = {
      {Role::kUser, "a"}, {Role::kUser, "b"}, {Role::kAssistant, "c"}, {Role::kUser, "d"}};
  Provider provider;
  CHECK(Json::parse(encode_body(provider, prompt(messages)))["messages"].size() == 4);
  provider.joins_roles = true;
  CHECK(
      Json::parse(encode_body(provider, prompt(messages)))["messages"].dump() ==
      R"([{"role":"user","content":"a\n\nb"},{"role":"assistant","content":"c"},{"role":"user","content":"d"}])");
}

TEST_CASE("encoder: a body is valid JSON that holds the messages, and the same each time") {
  CHECK(testing::holds("round trip", 500, [] {
    static const std::vector<std::string> kTokens = {
        "a", "\"", "\\", "\n", "\x01", "é", "🙂", "longer text without escapes "};
    std::vector<Message> messages;
    const std::size_t count = *rc::gen::inRange<std::size_t>(0, 4);
    for (std::size_t i = 0; i < count; ++i) {
      std::string content;
      for (const auto& token :
           *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(kTokens)))
        content += token;
      messages.push_back({i % 2 == 0 ? Role::kUser : Role::kAssistant, content});
    }
    const std::string body = encode_body(openai(), prompt(messages));
    RC_ASSERT(body == encode_body(openai(), prompt(messages)));
    const Json sent = Json::parse(body)["messages"];
    RC_ASSERT(sent.size() == count);
    for (std::size_t i = 0; i < count; ++i) RC_ASSERT(sent[i]["content"] == messages[i].content);
  }));
}

TEST_CASE("encoder: user text that is not UTF-8 cannot corrupt the body") {
  const Json body = {{"x", "\xFF"}};
  Prompt one = prompt();
  one.body = &body;
  CHECK(Json::parse(encode_body(Provider{}, one))["x"] == "\uFFFD");
}

Provider of(Api api) {
  Provider provider;
  provider.api = api;
  return provider;
}

const std::vector<Message> kChat = {{Role::kSystem, "Be brief."},
                                    {Role::kUser, "a"},
                                    {Role::kAssistant, "b"},
                                    {Role::kSystem, "Be kind."},
                                    {Role::kUser, "c"}};

TEST_CASE("encoder: Responses") {
  Prompt one = prompt(kChat);
  one.parameters = {{"max_tokens", 100}, {"reasoning_effort", "low"}, {"verbosity", "low"}};
  CHECK(
      encode_body(of(Api::kResponses), one) ==
      R"({"model":"m","instructions":"Be brief.\n\nBe kind.","input":[{"role":"user","content":"a"},)"
      R"({"role":"assistant","content":[{"type":"output_text","text":"b"}],"type":"message"},{"role":"user","content":"c"}],)"
      R"("stream":true,"store":false,"max_output_tokens":100,"reasoning":{"effort":"low"},"text":{"verbosity":"low"}})");
  one.wants_reasoning = true;
  const Json body = {{"reasoning", {{"mode", "pro"}}}, {"max_tokens", 5}};
  one.body = &body;
  one.omit = {"store", "verbosity", "instructions"};
  CHECK(Json::parse(encode_body(of(Api::kResponses), one))["reasoning"].dump() ==
        R"({"summary":"auto","effort":"low","mode":"pro"})");
  const Json sent = Json::parse(encode_body(of(Api::kResponses), one));
  CHECK(sent["max_tokens"] == 5);
  for (const char* key : {"store", "text", "instructions", "max_output_tokens"}) {
    INFO(key);
    CHECK_FALSE(sent.contains(key));
  }
}

TEST_CASE("encoder: Messages") {
  Prompt one = prompt(kChat);
  one.max_output = 64000;
  CHECK(
      encode_body(of(Api::kMessages), one) ==
      R"({"model":"m","system":"Be brief.\n\nBe kind.","messages":[{"role":"user","content":"a"},)"
      R"({"role":"assistant","content":"b"},{"role":"user","content":"c"}],"stream":true,"max_tokens":64000})");
  one.parameters = {{"max_tokens", 100}, {"stop", "END"}, {"reasoning_effort", "low"}, {"seed", 1}};
  one.wants_reasoning = true;
  const Json sent = Json::parse(encode_body(of(Api::kMessages), one));
  CHECK(sent["max_tokens"] == 100);
  CHECK(sent["stop_sequences"].dump() == R"(["END"])");
  CHECK(sent["output_config"].dump() == R"({"effort":"low"})");
  CHECK(sent["thinking"].dump() == R"({"type":"adaptive","display":"summarized"})");
  CHECK(sent["seed"] == 1);
  CHECK_FALSE(sent.contains("stop"));
}

TEST_CASE("encoder: Messages joins messages of one role, even around system text") {
  const std::vector<Message> messages = {
      {Role::kUser, "a"}, {Role::kSystem, "s"}, {Role::kUser, "b"}};
  CHECK(Json::parse(encode_body(of(Api::kMessages), prompt(messages)))["messages"].dump() ==
        R"([{"role":"user","content":"a\n\nb"}])");
}

TEST_CASE("encoder: a growing chat reuses its previous request's cached prefix") {
  Provider provider = of(Api::kMessages);
  provider.caches_prompts = true;
  std::vector<Message> messages = {{Role::kSystem, "s"}, {Role::kUser, "1"}};
  // Returns, for each cache mark, the text up to and including it.
  const auto marks = [&] {
    std::vector<std::string> out;
    std::string prefix;
    const Json sent = Json::parse(encode_body(provider, prompt(messages)));
    const auto add = [&](const Json& content) {
      const bool plain = content.is_string();
      prefix += "|" + (plain ? content : content[0]["text"]).get<std::string>();
      if (!plain && content[0].contains("cache_control")) out.push_back(prefix);
    };
    add(sent["system"]);
    for (const Json& message : sent["messages"]) add(message["content"]);
    return out;
  };
  std::vector<std::string> before = marks();
  CHECK(before == std::vector<std::string>{"|s", "|s|1"});
  for (int turn = 2; turn < 6; ++turn) {
    messages.push_back({Role::kAssistant, "answer"});
    messages.push_back({Role::kUser, std::to_string(turn)});
    const std::vector<std::string> now = marks();
    CHECK(now.size() <= 4);
    CHECK(std::find(now.begin(), now.end(), before.back()) != now.end());
    before = now;
  }
}

TEST_CASE("encoder: system text comes first, as one message, for some providers") {
  Provider provider;
  provider.system_first = true;
  provider.joins_roles = true;
  CHECK(Json::parse(encode_body(provider, prompt(kChat)))["messages"].dump() ==
        R"([{"role":"system","content":"Be brief.\n\nBe kind."},{"role":"user","content":"a"},)"
        R"({"role":"assistant","content":"b"},{"role":"user","content":"c"}])");
}

TEST_CASE("encoder: a provider's own names of parameters") {
  Provider provider;
  provider.renames = {{"seed", "random_seed"}, {"reasoning_effort", "reasoning.effort"}};
  Prompt one = prompt();
  one.parameters = {{"seed", 1}, {"reasoning_effort", "low"}};
  CHECK(encode_body(provider, one) ==
        std::string(R"({"model":"m",)") + kMessages +
            R"(,"stream":true,"random_seed":1,"reasoning":{"effort":"low"}})");
  one.omit = {"seed", "reasoning"};
  CHECK(encode_body(provider, one) ==
        std::string(R"({"model":"m",)") + kMessages + R"(,"stream":true})");
  CHECK(name_in_body(provider, "seed") == "random_seed");
  CHECK(name_in_body(of(Api::kResponses), "max_tokens") == "max_output_tokens");
}

const std::vector<Message> kCut = {{Role::kUser, "a"}, {Role::kAssistant, "b"}};

/// Returns the body of a request that continues an answer.
Json continued(const Provider& provider, const std::vector<Message>& messages = kCut) {
  Prompt one = prompt(messages);
  one.continues = true;
  return Json::parse(encode_body(provider, one));
}

TEST_CASE("encoder: a continued answer comes last, with the provider's mark") {
  Provider provider;
  provider.prefill = Prefill::kPlain;
  CHECK(continued(provider).dump() == R"({"model":"m","messages":[{"role":"user","content":"a"},)"
                                      R"({"role":"assistant","content":"b"}],"stream":true})");
  provider.prefill = Prefill::kPrefix;
  CHECK(continued(provider)["messages"].dump() ==
        R"([{"role":"user","content":"a"},{"role":"assistant","content":"b","prefix":true}])");
  provider.prefill = Prefill::kPartial;
  CHECK(continued(provider)["messages"].dump() ==
        R"([{"role":"user","content":"a"},{"role":"assistant","content":"b","partial":true}])");
  provider.prefill = Prefill::kContinueFinal;
  CHECK(continued(provider).dump() ==
        R"({"model":"m","messages":[{"role":"user","content":"a"},)"
        R"({"role":"assistant","content":"b"}],"stream":true,"continue_final_message":true,)"
        R"("add_generation_prompt":false})");
}

TEST_CASE("encoder: no mark if no answer is continued") {
  for (const Prefill prefill : {Prefill::kPrefix, Prefill::kPartial, Prefill::kContinueFinal}) {
    Provider provider;
    provider.prefill = prefill;
    CHECK(encode_body(provider, prompt()) ==
          std::string(R"({"model":"m",)") + kMessages + R"(,"stream":true})");
  }
}

TEST_CASE("encoder: only the last message of a continued answer is marked") {
  const std::vector<Message> messages = {
      {Role::kUser, "a"}, {Role::kAssistant, "b"}, {Role::kAssistant, "c"}};
  Provider provider;
  provider.prefill = Prefill::kPrefix;
  CHECK(continued(provider, messages)["messages"].dump() ==
        R"([{"role":"user","content":"a"},{"role":"assistant","content":"b"},)"
        R"({"role":"assistant","content":"c","prefix":true}])");
  CHECK(last_turn(provider, prompt(messages)) == "c");
  provider.joins_roles = true;
  CHECK(continued(provider, messages)["messages"].dump() ==
        R"([{"role":"user","content":"a"},{"role":"assistant","content":"b\n\nc","prefix":true}])");
  CHECK(last_turn(provider, prompt(messages)) == "b\n\nc");
}

TEST_CASE("encoder: in Messages a continued answer has no cache mark") {
  Provider provider = of(Api::kMessages);
  provider.caches_prompts = true;
  CHECK(continued(provider, {{Role::kUser, "1"},
                             {Role::kAssistant, "one"},
                             {Role::kUser, "2"},
                             {Role::kAssistant, "tw"}})["messages"]
            .dump() ==
        R"([{"role":"user","content":[{"type":"text","text":"1",)"
        R"("cache_control":{"type":"ephemeral"}}]},{"role":"assistant","content":"one"},)"
        R"({"role":"user","content":[{"type":"text","text":"2",)"
        R"("cache_control":{"type":"ephemeral"}}]},{"role":"assistant","content":"tw"}])");
}

TEST_CASE("headers: the version of Messages, unless the user sets it") {
  Provider provider = of(Api::kMessages);
  CHECK(encode_headers(provider, "").back() ==
        std::pair<std::string, std::string>{"anthropic-version", "2023-06-01"});
  provider.headers = {{"Anthropic-Version", "2026-10-21"}};
  CHECK(encode_headers(provider, "").size() == 2);
  CHECK(encode_headers(provider, "").back().second == "2026-10-21");
}

TEST_CASE("headers: the key, and the user's own") {
  Provider provider;
  CHECK(encode_headers(provider, "") == Fields{{"Content-Type", "application/json"}});
  CHECK(encode_headers(provider, " sk-1\r\n") ==
        Fields{{"Content-Type", "application/json"}, {"Authorization", "Bearer sk-1"}});
  provider.key_header = "api-key";
  CHECK(encode_headers(provider, "sk-1").back() ==
        std::pair<std::string, std::string>{"api-key", "sk-1"});
  provider.key_header = "Authorization";
  provider.headers = {
      {"X-A", "1\r\nX-B: 2"}, {"content-type", "text/x"}, {"authorization", "Basic x"}};
  CHECK(encode_headers(provider, "sk-1") ==
        Fields{{"content-type", "text/x"}, {"authorization", "Basic x"}, {"X-A", "1X-B: 2"}});
}

}  // namespace
}  // namespace chatvim::wire
