// SPDX-License-Identifier: Apache-2.0
#include "chatvim/provider/table.hpp"

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace chatvim::provider {
namespace {

using Strings = std::vector<std::string>;
using Variables = std::map<std::string, std::string, std::less<>>;

Environment environment(Variables variables) {
  return [variables = std::move(variables)](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
}

Table table(const char* user = "{}", const Variables& variables = {}) {
  auto result = make_table(Json::parse(user), environment(variables));
  REQUIRE(result);
  return *result;
}

const Provider& row(const Table& rows, std::string_view name) {
  for (const Provider& provider : rows) {
    if (provider.name == name) return provider;
  }
  FAIL("no row " << name);
  return rows.front();
}

/// Returns the error message for a provider.
std::string problem_of(const char* user, std::string_view name = "a",
                       const Variables& variables = {}) {
  return row(table(user, variables), name).problem;
}

TEST_CASE("table: the built-in providers") {
  const Table rows = table();
  const Provider& openai = row(rows, "openai");
  CHECK(endpoint(openai) == "https://api.openai.com/v1/chat/completions");
  CHECK(openai.key.environment == Strings{"OPENAI_API_KEY"});
  CHECK_FALSE(openai.key.optional);
  CHECK(openai.token_limit == "max_completion_tokens");
  CHECK(openai.headers.empty());
  const Provider& xai = row(rows, "xai");
  CHECK(endpoint(xai) == "https://api.x.ai/v1/chat/completions");
  CHECK(xai.key.environment == Strings{"XAI_API_KEY"});
}

TEST_CASE("table: the environment variables of OpenAI's own client") {
  const Variables variables = {{"OPENAI_BASE_URL", "http://localhost:1/v1/"},
                               {"OPENAI_ORG_ID", "org"},
                               {"OPENAI_PROJECT_ID", ""}};
  const Table rows = table("{}", variables);
  CHECK(row(rows, "openai").base_url == "http://localhost:1/v1");
  CHECK(row(rows, "openai").headers ==
        std::vector<std::pair<std::string, std::string>>{{"OpenAI-Organization", "org"}});
  const char* user =
      R"({"openai":{"base_url":"http://localhost:2/v1","headers":{"openai-organization":"mine"}}})";
  CHECK(row(table(user, variables), "openai").base_url == "http://localhost:2/v1");
  CHECK(row(table(user, variables), "openai").headers ==
        std::vector<std::pair<std::string, std::string>>{{"openai-organization", "mine"}});
  CHECK(row(table("{}", {{"OPENAI_BASE_URL", ""}}), "openai").base_url ==
        "https://api.openai.com/v1");
  CHECK(problem_of("{}", "openai", {{"OPENAI_BASE_URL", "nonsense"}})
            .starts_with("OPENAI_BASE_URL \"nonsense\""));
  CHECK(problem_of(user, "openai", {{"OPENAI_BASE_URL", "nonsense"}}).empty());
  CHECK(problem_of("{}", "anthropic", {{"OPENAI_BASE_URL", "nonsense"}}).empty());
}

TEST_CASE("table: a provider of the user's own") {
  const Table rows = table(
      R"({"local":{"api":"chat","base_url":"HTTP://127.0.0.1:8080/v1/","headers":{"X-A":"1"},"models":["a","b/c"],
      "default_model":"a","proxy":"http://p","ca_file":"/ca","connect_timeout":1.5,"idle_timeout":0,"body":{"x":{"y":1}},
      "documents":true,"picture_addresses":false,"picture_bytes":1,"picture_count":2,"request_bytes":3},
      "other":{"base_url":"https://h","api_key_env":["A","B"],"api_key_command":["pass","x"],"api_key_file":"~/k"}})");
  CHECK(rows.back().name == "other");
  const Provider& local = row(rows, "local");
  CHECK(local.base_url == "http://127.0.0.1:8080/v1");
  CHECK(local.key.optional);
  CHECK(local.models == Strings{"a", "b/c"});
  CHECK(local.default_model == "a");
  CHECK(local.proxy == "http://p");
  CHECK(local.ca_file == "/ca");
  CHECK(local.connect_timeout == 1.5);
  CHECK(local.idle_timeout == 0);
  CHECK(local.token_limit == "max_tokens");
  CHECK_FALSE(local.reports_usage);
  CHECK(local.media.documents);
  CHECK_FALSE(local.media.picture_addresses);
  CHECK(local.media.picture_bytes == 1);
  CHECK(local.media.picture_count == 2);
  CHECK(local.media.request_bytes == 3);
  REQUIRE(local.body);
  CHECK(local.body->dump() == R"({"x":{"y":1}})");
  const Provider& other = row(rows, "other");
  CHECK(other.key.environment == Strings{"A", "B"});
  CHECK(other.key.command == Strings{"pass", "x"});
  CHECK(other.key.file == "~/k");
  CHECK_FALSE(other.key.optional);
}

TEST_CASE("table: a built-in provider can be overridden by name") {
  const Table rows = table(
      R"({"xai":{"api_key_command":["pass","xai"],"idle_timeout":5},"openai":{"api_key_env":""}})");
  const Provider& xai = row(rows, "xai");
  CHECK(xai.base_url == "https://api.x.ai/v1");
  CHECK(xai.patterns == Strings{"grok-*"});
  CHECK(xai.key.command == Strings{"pass", "xai"});
  CHECK(xai.key.environment.empty());  // the user's command replaces the environment variable
  CHECK_FALSE(xai.key.optional);
  CHECK(xai.idle_timeout == 5);
  CHECK(row(rows, "openai").key.optional);  // without a variable, no key is required
}

TEST_CASE("table: error messages") {
  CHECK(problem_of(R"({"a":1})") == "providers.a must be a table");
  CHECK(problem_of(R"({"a":{}})") == "providers.a.base_url is missing: where does it answer?");
  CHECK(problem_of(R"({"a":{"base_url":"http://h","api":"soap"}})") ==
        "providers.a.api is \"soap\", but must be \"chat\", \"responses\" or \"messages\"");
  CHECK(problem_of(R"({"a":{"base_url":1}})") == "providers.a.base_url must be a string");
  CHECK(problem_of(R"({"a":{"base_url":"http://h","models":"x"}})") ==
        "providers.a.models must be a list of strings");
  CHECK(problem_of(R"({"a":{"base_url":"http://h","headers":{"a b":"x"}}})") ==
        "providers.a.headers.a b is not the name of a header field");
  CHECK(problem_of(R"({"a":{"base_url":"http://h","idle_timeout":-1}})") ==
        "providers.a.idle_timeout must be a number of seconds, 0 for no limit");
  CHECK(problem_of(R"({"a":{"base_url":"http://h","documents":1}})") ==
        "providers.a.documents must be true or false");
  CHECK(problem_of(R"({"a":{"base_url":"http://h","picture_bytes":-1}})") ==
        "providers.a.picture_bytes must be a whole number, 0 for no limit");
  CHECK(problem_of(R"({"a":{"base_url":"http://h","body":[]}})") ==
        "providers.a.body must be a table");
  CHECK(problem_of(R"({"a/b":{"base_url":"http://h"}})", "a/b").starts_with("providers.\"a/b\""));
  for (const char* url : {"", "h/v1", "ftp://h", "http://", "http:///v1", "http://:80",
                          "http://h h", "http://h\\n", "file:///etc/passwd"}) {
    INFO(url);
    const std::string user = R"({"a":{"base_url":")" + std::string(url) + R"("}})";
    CHECK(problem_of(user.c_str()).starts_with("providers.a.base_url \""));
  }
}

TEST_CASE("table: an error in one provider does not affect the others") {
  const Table rows = table(R"({"a":{"base_url":1},"b":{"base_url":"http://h"},"xai":7})");
  CHECK_FALSE(row(rows, "a").problem.empty());
  CHECK_FALSE(row(rows, "xai").problem.empty());
  CHECK(row(rows, "b").problem.empty());
  CHECK(row(rows, "openai").problem.empty());
}

TEST_CASE("table: the key of Anthropic and of Azure, bare or as a token") {
  const auto header = [](const char* name, const Variables& variables, const char* user = "{}") {
    return row(table(user, variables), name).key_header;
  };
  CHECK(header("anthropic", {}) == "x-api-key");
  CHECK(header("anthropic", {{"ANTHROPIC_API_KEY", "k"}, {"ANTHROPIC_AUTH_TOKEN", "t"}}) ==
        "x-api-key");
  CHECK(header("anthropic", {{"ANTHROPIC_AUTH_TOKEN", "t"}}) == "Authorization");
  CHECK(header("anthropic", {{"ANTHROPIC_AUTH_TOKEN", "t"}, {"MINE", "k"}},
               R"({"anthropic":{"api_key_env":"MINE"}})") == "x-api-key");
  CHECK(header("azure", {{"AZURE_OPENAI_API_KEY", "k"}}) == "api-key");
  CHECK(header("azure", {{"AZURE_OPENAI_AD_TOKEN", "t"}}) == "Authorization");
  CHECK(header("a", {}, R"({"a":{"base_url":"http://h","api":"messages"}})") == "x-api-key");
}

TEST_CASE("table: addresses from the environment") {
  struct Case {
    const char* provider;
    const char* variable;
    const char* value;
    const char* url;
  };
  const std::vector<Case> cases = {
      {"anthropic", "ANTHROPIC_BASE_URL", "https://h", "https://h/v1/messages"},
      {"anthropic", "ANTHROPIC_BASE_URL", "https://h/", "https://h/v1/messages"},
      {"anthropic", "ANTHROPIC_BASE_URL", "http://h/anthropic", "http://h/anthropic/v1/messages"},
      {"anthropic", "ANTHROPIC_BASE_URL", "", "https://api.anthropic.com/v1/messages"},
      {"azure", "AZURE_OPENAI_ENDPOINT", "https://r.openai.azure.com/",
       "https://r.openai.azure.com/openai/v1/chat/completions"},
      {"azure", "AZURE_OPENAI_ENDPOINT", "https://r.openai.azure.com/openai/v1",
       "https://r.openai.azure.com/openai/v1/chat/completions"},
      {"ollama", "OLLAMA_HOST", "", "http://localhost:11434/v1/chat/completions"},
      {"ollama", "OLLAMA_HOST", "h", "http://h:11434/v1/chat/completions"},
      {"ollama", "OLLAMA_HOST", "h:1", "http://h:1/v1/chat/completions"},
      {"ollama", "OLLAMA_HOST", ":1", "http://127.0.0.1:1/v1/chat/completions"},
      {"ollama", "OLLAMA_HOST", "0.0.0.0", "http://127.0.0.1:11434/v1/chat/completions"},
      {"ollama", "OLLAMA_HOST", "0.0.0.0:1", "http://127.0.0.1:1/v1/chat/completions"},
      {"ollama", "OLLAMA_HOST", "0.0.0.0.example",
       "http://0.0.0.0.example:11434/v1/chat/completions"},
      {"ollama", "OLLAMA_HOST", "http://me@0.0.0.0/x/",
       "http://me@127.0.0.1/x/v1/chat/completions"},
      {"ollama", "OLLAMA_HOST", "localhost:1/x", "http://localhost:1/x/v1/chat/completions"},
      {"ollama", "OLLAMA_HOST", "h?a=b", "http://h:11434/v1/chat/completions?a=b"},
      {"ollama", "OLLAMA_HOST", "[::1]", "http://[::1]:11434/v1/chat/completions"},
      {"ollama", "OLLAMA_HOST", "::", "http://[::1]:11434/v1/chat/completions"},
      {"ollama", "OLLAMA_HOST", "https://ollama.com", "https://ollama.com/v1/chat/completions"},
      {"ollama", "OLLAMA_HOST", "http://h:1/x/", "http://h:1/x/v1/chat/completions"},
  };
  for (const Case& one : cases) {
    INFO(one.variable << "=" << one.value);
    const Table rows = table("{}", {{one.variable, one.value}});
    CHECK(row(rows, one.provider).problem.empty());
    CHECK(endpoint(row(rows, one.provider)) == one.url);
  }
  CHECK(problem_of("{}", "azure") ==
        "The provider \"azure\" has no address: set AZURE_OPENAI_ENDPOINT, or base_url in "
        "[providers.azure] of config.md.");
  CHECK(problem_of(R"({"azure":{"base_url":"https://r/openai/v1"}})", "azure").empty());
}

TEST_CASE("table: a Responses-only model uses Responses unless the user sets an API") {
  const Table rows = table();
  CHECK(api_for(row(rows, "openai"), "o1-pro") == Api::kResponses);
  CHECK(api_for(row(rows, "openai"), "o3-deep-research") == Api::kResponses);
  CHECK(api_for(row(rows, "openai"), "gpt-6-sol") == Api::kChat);
  CHECK(api_for(row(rows, "anthropic"), "o1-pro") == Api::kMessages);
  CHECK(api_for(row(table(R"({"openai":{"api":"chat"}})"), "openai"), "o1-pro") == Api::kChat);
}

TEST_CASE("requests with tools or a web search go to the format that has them") {
  const Needs tools = {true, false};
  const Needs search = {false, true};
  const Table rows = table();
  CHECK(api_for(row(rows, "openai"), "gpt-6-sol", tools) == Api::kResponses);
  CHECK(api_for(row(rows, "openai"), "gpt-6-sol", search) == Api::kResponses);
  CHECK(api_for(row(rows, "xai"), "grok-4.7", tools) == Api::kChat);
  CHECK(api_for(row(rows, "xai"), "grok-4.7", search) == Api::kResponses);
  CHECK(api_for(row(rows, "anthropic"), "claude-x", tools) == Api::kMessages);
  for (const char* name : {"openai", "xai", "anthropic", "openrouter"}) {
    CHECK(can_search_web(row(rows, name)));
  }
  for (const char* name : {"gemini", "mistral", "ollama", "minimax"}) {
    CHECK_FALSE(can_search_web(row(rows, name)));
  }
  // The user's own format and address win.
  for (const char* user :
       {R"({"openai":{"api":"chat"}})", R"({"openai":{"base_url":"http://x/v1"}})"}) {
    const Table own = table(user);
    CHECK(api_for(row(own, "openai"), "gpt-6-sol", tools) == Api::kChat);
    CHECK_FALSE(can_search_web(row(own, "openai")));
  }
  const Table proxy = table("{}", {{"OPENAI_BASE_URL", "http://x/v1"}});
  CHECK(api_for(row(proxy, "openai"), "gpt-6-sol", tools) == Api::kChat);
}

TEST_CASE("endpoint: base URLs may be the complete URL of any wire format") {
  const auto of = [](const char* api, const char* url) {
    const std::string user =
        R"({"a":{"api":")" + std::string(api) + R"(","base_url":")" + url + R"("}})";
    return endpoint(row(table(user.c_str()), "a"));
  };
  CHECK(of("responses", "http://h") == "http://h/v1/responses");
  CHECK(of("responses", "http://h/v1/chat/completions") == "http://h/v1/responses");
  CHECK(of("responses", "http://h/x/responses/") == "http://h/x/responses");
  CHECK(of("messages", "http://h/x") == "http://h/x/v1/messages");
  CHECK(of("messages", "http://h/v1beta") == "http://h/v1beta/messages");
  CHECK(of("messages", "http://h/v1/messages?a=1") == "http://h/v1/messages?a=1");
  CHECK(of("messages", "http://h/x/messages") == "http://h/x/messages");
  CHECK(of("chat", "http://h/v1/messages") == "http://h/v1/chat/completions");
}

TEST_CASE("endpoint: the URL of the model list") {
  const Table rows = table();
  CHECK(models_url(row(rows, "openai")) == "https://api.openai.com/v1/models");
  CHECK(models_url(row(rows, "anthropic")) == "https://api.anthropic.com/v1/models?limit=1000");
  CHECK(models_url(row(table(R"({"a":{"base_url":"http://h/v1/chat/completions?x=1"}})"), "a")) ==
        "http://h/v1/models?x=1");
}

TEST_CASE("table: how each provider continues an answer") {
  const auto way = [](const char* user, std::string_view name, std::string_view model = "m") {
    return std::string(name_of(prefill_for(row(table(user), name), model)));
  };
  const std::map<std::string, std::string> ways = {
      {"deepseek", "prefix"},  {"mistral", "prefix"},
      {"moonshot", "partial"}, {"groq", "plain"},
      {"fireworks", "plain"},  {"openrouter", "plain"},
      {"ollama", "plain"},     {"llamacpp", "plain"},
      {"lmstudio", "plain"},   {"vllm", "continue_final_message"}};
  for (const Provider& provider : table()) {
    INFO(provider.name);
    const auto found = ways.find(provider.name);
    CHECK(way("{}", provider.name) == (found == ways.end() ? "none" : found->second));
  }
  for (const char* model : {"claude-3-7-sonnet-20250219", "claude-3-haiku-20240307",
                            "claude-opus-4-20250514", "claude-opus-4-1-20250805", "claude-opus-4-0",
                            "claude-sonnet-4-5", "claude-haiku-4-5-20251001", "claude-opus-4-5"}) {
    INFO(model);
    CHECK(way("{}", "anthropic", model) == "plain");
  }
  for (const char* model : {"claude-opus-4-6", "claude-sonnet-4-6", "claude-opus-4-8",
                            "claude-opus-5", "claude-sonnet-5-5", "claude-fable-5"}) {
    INFO(model);
    CHECK(way("{}", "anthropic", model) == "none");
    CHECK(way(R"({"anthropic":{"prefill":"plain"}})", "anthropic", model) == "plain");
  }
  CHECK(way(R"({"a":{"base_url":"http://h"}})", "a") == "plain");
  CHECK(way(R"({"a":{"base_url":"http://h","prefill":"partial"}})", "a") == "partial");
  CHECK(way(R"({"a":{"base_url":"http://h","api":"responses"}})", "a") == "none");
  CHECK(problem_of(R"({"a":{"base_url":"http://h","prefill":"yes"}})") ==
        "providers.a.prefill is \"yes\", but must be \"none\", \"plain\", \"prefix\", \"partial\" "
        "or \"continue_final_message\"");
  // DeepSeek continues answers at another URL, but not if the user sets base_url.
  CHECK(row(table(), "deepseek").prefill_url == "https://api.deepseek.com/beta");
  CHECK(row(table(R"({"deepseek":{"base_url":"http://h"}})"), "deepseek").prefill_url.empty());
}

TEST_CASE("endpoint: base URLs in every form") {
  const auto of = [](const char* url) {
    const std::string user = R"({"a":{"base_url":")" + std::string(url) + R"("}})";
    return endpoint(row(table(user.c_str()), "a"));
  };
  CHECK(of("http://h") == "http://h/v1/chat/completions");
  CHECK(of("http://h/") == "http://h/v1/chat/completions");
  CHECK(of("http://h:8080") == "http://h:8080/v1/chat/completions");
  CHECK(of("http://h/v1") == "http://h/v1/chat/completions");
  CHECK(of("http://h/v1//") == "http://h/v1/chat/completions");
  CHECK(of("https://h/api/paas/v4") == "https://h/api/paas/v4/chat/completions");
  CHECK(of("https://h/v1/chat/completions") == "https://h/v1/chat/completions");
  CHECK(of("https://h/v1/chat/completions/") == "https://h/v1/chat/completions");
  CHECK(of("https://h/openai/deployments/d?api-version=1") ==
        "https://h/openai/deployments/d/chat/completions?api-version=1");
  CHECK(of("https://h/x/chat/completions?a=1/") == "https://h/x/chat/completions?a=1/");
  CHECK(of("https://h?a=1") == "https://h/v1/chat/completions?a=1");
  CHECK(of("http://[::1]:8080/v1#x") == "http://[::1]:8080/v1/chat/completions");
  CHECK(of("https://u:p@h/v1") == "https://u:p@h/v1/chat/completions");
}

}  // namespace
}  // namespace chatvim::provider
