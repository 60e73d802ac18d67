// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chatvim/provider/table.hpp"

namespace chatvim::provider {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;
using Name = std::optional<std::string>;

constexpr const char* kUser = R"({
  "local": {"base_url": "http://localhost:1", "models": ["grok-local", "org/llama", "twin"], "default_model": "llama-9"},
  "router": {"base_url": "http://localhost:2", "api_key_env": "ROUTER_KEY", "models": ["twin"]},
  "filed": {"base_url": "http://localhost:3", "api_key_file": "~/key", "default_model": "filed-1"}})";
constexpr const char* kAll =
    "openai, anthropic, xai, gemini, deepseek, mistral, groq, openrouter, together, fireworks, "
    "cerebras, moonshot, zai, meta, minimax, nvidia, huggingface, vercel, azure, ollama, llamacpp, "
    "lmstudio, vllm";
constexpr const char* kLocal =
    R"({"local": {"base_url": "http://localhost:1", "default_model": "llama-9"}})";

/// "PROVIDER MODEL", or the code and the message of the error.
std::string chosen(const char* user, const Name& model, const Name& provider,
                   const Variables& variables = {}) {
  const Environment environment = [&](std::string_view name) -> Name {
    const auto found = variables.find(name);
    return found == variables.end() ? Name() : Name(found->second);
  };
  const auto table = make_table(Json::parse(user), environment);
  REQUIRE(table);
  const auto choice = choose(*table, model, provider, environment);
  if (!choice) return std::string(name_of(choice.error().code)) + ": " + choice.error().message;
  return choice->provider->name + " " + choice->model;
}

TEST_CASE("choose: a model has one provider") {
  const auto with = [](const char* model, const Name& provider = {}) {
    return chosen(kUser, model, provider);
  };
  CHECK(with("openai/gpt-x") == "openai gpt-x");                // a known provider before the slash
  CHECK(with("router/openai/gpt-x") == "router openai/gpt-x");  // only the first slash counts
  CHECK(with("openai/gpt-x", "router") == "openai gpt-x");
  CHECK(with("grok-local") == "local grok-local");  // a list before a pattern
  CHECK(with("org/llama") == "local org/llama");
  CHECK(with("twin") == "local twin");             // the first that lists it
  CHECK(with("twin", "router") == "router twin");  // or the one that is named
  CHECK(with("gpt-5.4-mini") == "openai gpt-5.4-mini");
  CHECK(with("o3-mini") == "openai o3-mini");
  CHECK(with("chat-latest") == "openai chat-latest");
  CHECK(with("grok-4.7", "local") == "xai grok-4.7");  // a pattern before `provider`
  CHECK(with("anything", "local") == "local anything");
  CHECK(with("vendor/model", "router") == "router vendor/model");
}

TEST_CASE("choose: no fall-back for a name that nobody has") {
  const auto with = [](const char* model, const Name& provider = {}) {
    return chosen("{}", model, provider);
  };
  // Near are names that the catalogue has, not only defaults.
  CHECK(with("gork-4.3").find("for the model \"gork-4.3\". Near: grok-4.3 (xai)") !=
        std::string::npos);
  CHECK(with("claud-opus-5").find("Near: claude-opus-5 (anthropic)") != std::string::npos);
  CHECK(with("zzz") ==
        "unknown_model: No provider is known for the model \"zzz\". Write \"PROVIDER/zzz\" to say "
        "who has it; known providers: " +
            std::string(kAll) + ".");
  CHECK(with("opnai/gpt-x")
            .starts_with("unknown_provider: There is no provider \"opnai\" for the model "
                         "\"opnai/gpt-x\". Near: openai."));
  CHECK(with("gpt-x", "opnai")
            .starts_with("unknown_provider: There is no provider \"opnai\". Near: openai. Known "
                         "providers: openai, anthropic, "));
  CHECK(with("openai/") == "unknown_model: \"openai/\" names a provider but no model");
  CHECK(chosen(kUser, "twn", {}).find("Near: twin (local), twin (router).") != std::string::npos);
  CHECK(chosen(kUser, "GROK-LOCAL", {}).find("Near: grok-local (local)") != std::string::npos);
}

TEST_CASE("choose: without a model, the default of who has a key") {
  const auto with = [](const char* user, const Variables& variables, const Name& provider = {}) {
    return chosen(user, {}, provider, variables);
  };
  CHECK(with("{}", {{"OPENAI_API_KEY", "k"}, {"XAI_API_KEY", "k"}}).starts_with("openai gpt-"));
  CHECK(with("{}", {{"OPENAI_API_KEY", ""}, {"XAI_API_KEY", "k"}}).starts_with("xai grok-"));
  CHECK(with("{}", {{"OPENAI_API_KEY", "k"}}, "xai").starts_with("xai grok-"));
  CHECK(with(kUser, {{"ROUTER_KEY", "k"}}) ==
        "filed filed-1");                      // a provider without a default model is passed over
  CHECK(with(kLocal, {}) == "local llama-9");  // needs no key
  CHECK(with(kLocal, {{"XAI_API_KEY", "k"}}).starts_with("xai grok-"));
  CHECK(with(kUser, {}, "router") ==
        "unknown_model: No model is named, and the provider \"router\" has no default_model; it "
        "lists twin.");
}

TEST_CASE("choose: without any key the message says where one was looked for") {
  const std::string message = chosen("{}", {}, {});
  CHECK(message.starts_with("no_key: "));
  for (const char* part :
       {"OPENAI_API_KEY", "XAI_API_KEY", "config.md", "[providers.local]", "base_url"}) {
    INFO(part);
    CHECK(message.find(part) != std::string::npos);
  }
}

TEST_CASE("choose: a named provider that knows the model comes before any other") {
  CHECK(chosen("{}", "gpt-oss-120b", "openai") == "openai gpt-oss-120b");
  CHECK(chosen("{}", "qwen/qwen3.8-27b", {}) == "groq qwen/qwen3.8-27b");
}

TEST_CASE("choose: names that each provider is known by") {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"claude-opus-5-5", "anthropic"},
      {"gemini-3.8-flash", "gemini"},
      {"gemma-3", "gemini"},
      {"deepseek-flash", "deepseek"},
      {"codestral-2508", "mistral"},
      {"open-mistral-7b", "mistral"},
      {"llama-3.1-8b-instant", "groq"},
      {"accounts/fireworks/models/x", "fireworks"},
      {"gpt-oss-120b", "cerebras"},
      {"gpt-oss-20b", "openai"},
      {"kimi-k3", "moonshot"},
      {"glm-5.3", "zai"},
      {"muse-spark-1.3", "meta"},
      {"MiniMax-M3", "minimax"}};
  for (const auto& [model, provider] : cases) {
    CHECK(chosen("{}", model, {}) == std::string(provider) + " " + model);
  }
}

TEST_CASE("choose: a row that is wrong fails only the requests that go to it") {
  const char* user =
      R"({"bad": {"base_url": "nonsense", "models": ["m"], "default_model": "m", "api_key_env": "A"}})";
  CHECK(chosen(user, "bad/x", {}).starts_with("bad_config: providers.bad.base_url \"nonsense\""));
  CHECK(chosen(user, "m", {}).starts_with("bad_config: "));
  CHECK(chosen(user, "gpt-x", {}) == "openai gpt-x");
  CHECK(chosen(user, {}, {}, {{"A", "k"}, {"XAI_API_KEY", "k"}}).starts_with("xai "));
  CHECK(chosen("{}", "azure/x", {}).find("AZURE_OPENAI_ENDPOINT") != std::string::npos);
}

TEST_CASE("choose: a local server is never chosen by itself") {
  CHECK(chosen("{}", {}, {}, {{"OLLAMA_API_KEY", "k"}, {"LM_API_TOKEN", "k"}})
            .starts_with("no_key: "));
}

TEST_CASE("choose: an empty name is none") {
  CHECK(chosen("{}", "", "", {{"XAI_API_KEY", "k"}}).starts_with("xai grok-"));
}

}  // namespace
}  // namespace chatvim::provider
