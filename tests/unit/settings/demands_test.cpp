// SPDX-License-Identifier: Apache-2.0
// What a document may say of a request by itself, and what it demands.
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "chatvim/settings/settings.hpp"
#include "settings/demands.hpp"

namespace chatvim::settings {
namespace {

Layer toml(const std::string& text, Scope scope = Scope::kDocument) {
  Layer layer = read_layer(Language::kToml, text, 2, scope);
  INFO(text);
  REQUIRE(layer.usable());
  return layer;
}

Json demands_of(const std::vector<Layer>& layers) { return Settings(layers).demands(); }

}  // namespace

TEST_CASE("harmless parameters are a document's to say", "[trust]") {
  for (const char* body :
       {"temperature = 0.2",
        "top_p = 1",
        "top_k = 40",
        "min_p = 0.05",
        "max_tokens = 100",
        "max_completion_tokens = 5",
        "max_output_tokens = 5",
        "stop = ['a', 'b']",
        "stop = 'x'",
        "stop_sequences = ['a']",
        "seed = 7",
        "random_seed = 7",
        "frequency_penalty = 1",
        "presence_penalty = 1",
        "repetition_penalty = 1.1",
        "repeat_penalty = 1.1",
        "logit_bias = {50256 = -100}",
        "logprobs = true",
        "top_logprobs = 5",
        "response_format = {type = 'json_object'}",
        "response_format = {type = 'json_schema', json_schema = {name = 'a', schema = {type = "
        "'object', properties = {a = {type = 'string'}}}}}",
        "text = {format = {type = 'json_object'}, verbosity = 'low'}",
        "reasoning = {effort = 'low', summary = 'auto'}",
        "reasoning = {max_tokens = 100}",
        "reasoning_effort = 'low'",
        "reasoning_format = 'parsed'",
        "thinking = {type = 'enabled', budget_tokens = 1024}",
        "thinking_budget = 0",
        "enable_thinking = false",
        "think = false",
        "include_reasoning = true",
        "chat_template_kwargs = {enable_thinking = false}",
        "extra_body = {google = {thinking_config = {include_thoughts = true}}}",
        "output_config = {effort = 'low'}",
        "verbosity = 'low'",
        "service_tier = 'flex'",
        "options = {num_ctx = 8192}",
        "guided_json = {type = 'object'}",
        "truncation = 'auto'",
        "mirostat = 2",
        "mirostat_tau = 5",
        "stream_options = {include_usage = true}",
        "stream = true",
        "store = false",
        "n = 1",
        "parallel_tool_calls = false"}) {
    CHECK(demands_of({toml(std::string("[body]\n") + body)}).empty());
  }
  CHECK(demands_of({toml("omit = ['temperature', 'max_tokens', 'stream_options', 'top_p']")})
            .empty());
}

TEST_CASE("whatever reaches others, costs more or keeps the chat is demanded", "[trust]") {
  for (const char* body :
       {"tools = [{type = 'mcp', server_url = 'https://x.example'}]", "tool_choice = 'required'",
        "model = 'other'", "models = ['a']", "messages = []", "input = 'x'", "instructions = 'x'",
        "system = 'x'", "provider = {order = ['x']}", "plugins = [{id = 'web'}]", "store = true",
        "n = 5", "stream = false", "metadata = {a = 'b'}", "web_search_options = {}",
        "search_parameters = {mode = 'on'}", "previous_response_id = 'x'", "prompt = {id = 'x'}",
        "conversation = 'x'", "mcp_servers = [{url = 'x'}]", "modalities = ['audio']",
        "audio = {voice = 'x'}", "background = true", "speed = 'fast'", "best_of = 3",
        "prompt_cache_retention = '24h'", "cache_control = {type = 'ephemeral'}",
        "extra_body = {google = {cached_content = 'x'}}", "transforms = ['x']", "unheard_of = 1",
        // A known name with what does not belong there.
        "stop = [{a = 1}]", "temperature = {a = 1}", "thinking = {type = {a = 1}}",
        "reasoning = {a = {b = 1}}", "options = {a = {b = 1}}"}) {
    INFO(body);
    CHECK(demands_of({toml(std::string("[body]\n") + body)}).contains("body"));
  }
  for (const char* name : {"store", "stream", "messages", "input", "model", "tools", "instructions",
                           "system", "metadata", "user", "unheard_of"}) {
    INFO(name);
    CHECK(demands_of({toml(std::string("omit = ['") + name + "']")}).contains("omit"));
  }
}

TEST_CASE("demands are those of documents, as far as nobody stronger replaces them", "[trust]") {
  const auto own = [](const std::string& text) { return toml(text, Scope::kConfiguration); };
  const std::string n = "[body]\nn = 2\ntemperature = 1\n";
  CHECK(demands_of({own(n + "store = true")}).empty());
  CHECK(demands_of({own("omit = ['store']")}).empty());
  CHECK(demands_of({own("[body]\nn = 3"), toml(n)}).dump() == R"({"body":{"n":2}})");
  CHECK(demands_of({toml(n), own("[body]\nn = 1")}).empty());
  CHECK(demands_of({toml("omit = ['store', 'seed']\n[body]\nn = 2"),
                    toml("omit = ['input']\n[body]\nplugins = []")})
            .dump() == R"({"body":{"n":2,"plugins":[]},"omit":["store","input"]})");
}

TEST_CASE("a model with web search, which costs extra, is demanded by a document", "[trust]") {
  const auto own = [](const std::string& text) { return toml(text, Scope::kConfiguration); };
  for (const std::string name :
       {"openrouter/a/b:online", "a/b:ONLINE", "a/b:nitro:online", "a/b:online:free", ":online"}) {
    INFO(name);
    const std::string model = "model = '" + name + "'";
    CHECK(demands_of({toml(model)}) == Json{{"model", name}});
    CHECK(demands_of({own("model = 'c'"), toml(model)}).contains("model"));
    // The user's own choice, before or after.
    CHECK(demands_of({own(model)}).empty());
    CHECK(demands_of({own(model), toml(model)}).empty());
    CHECK(demands_of({toml(model), own("model = 'c'")}).empty());
    CHECK(demands_of({toml(model), toml("model = 'c'")}).empty());
  }
  for (const std::string name :
       {"openrouter/a/b", "a/b:free", "a/b:nitro", "online", "a/online", "a:online-2", "a:"}) {
    INFO(name);
    CHECK(demands_of({toml("model = '" + name + "'")}).empty());
  }
}

TEST_CASE("a form that names a server or a tool is asked about", "[trust]") {
  for (const char* body :
       {"text = {tools = [{type = 'mcp', server_url = 'http://e'}]}",
        "output_config = {mcp_servers = [{url = 'http://e'}]}", "reasoning_url = 'http://e'",
        "thinking_server = 'http://e'", "json_schema = {\"$ref\" = 'http://e/x'}"}) {
    INFO(body);
    CHECK_FALSE(demands_of({toml(std::string("[body]\n") + body)}).empty());
  }
  // The properties of a schema have any name.
  CHECK(
      demands_of({toml("[body]\nresponse_format = {type = 'json_schema', json_schema = {schema = "
                       "{type = 'object', properties = {url = {type = 'string'}, tools = {\"$ref\" "
                       "= '#/a'}}}}}")})
          .empty());
}

TEST_CASE("a document adds to what is left out and takes nothing away from it", "[trust]") {
  const std::vector<Layer> layers{toml("omit = ['user', 'seed']", Scope::kConfiguration),
                                  toml("omit = ['seed', 'top_p']")};
  CHECK(Settings(layers).omit() == std::vector<std::string>{"user", "seed", "top_p"});
  const std::vector<Layer> none{layers[0], toml("omit = []")};
  CHECK(Settings(none).omit() == std::vector<std::string>{"user", "seed"});
}

TEST_CASE("what a preset allows and its higher limits count where the user chose it", "[trust]") {
  Layer preset = toml("allow = ['/a']\nmax_cost = 9\nmax_input_tokens = 5\ntemperature = 1",
                      Scope::kConfiguration);
  const Layer config =
      toml("allow = ['/b']\nmax_cost = 1\nmax_input_tokens = 10", Scope::kConfiguration);
  const std::vector<Layer> of_user{config, preset};
  CHECK(Settings(of_user).strings("allow") == std::vector<std::string>{"/a"});
  CHECK(Settings(of_user).number("max_cost") == 9);
  preset.chosen_by_document = true;
  const std::vector<Layer> of_document{config, preset};
  CHECK(Settings(of_document).strings("allow") == std::vector<std::string>{"/b"});
  CHECK(Settings(of_document).number("max_cost") == 1);
  CHECK(Settings(of_document).number("max_input_tokens") == 5);
  CHECK(Settings(of_document).parameters().size() == 1);
}

}  // namespace chatvim::settings
