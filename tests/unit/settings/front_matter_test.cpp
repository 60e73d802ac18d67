// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/settings/settings.hpp"

namespace chatvim::settings {
namespace {

struct Wrong {
  const char* text;
  int line;  // in a document whose front matter's text starts in line 2
  int column;
  const char* names;
};

struct Right {
  const char* text;
  const char* values;
};

constexpr const char* kUrl = "http:// or https://";

/// Returns the first diagnostic as "line:column severity message".
std::string first(const Layer& layer) {
  if (layer.diagnostics.empty()) return "nothing is wrong";
  const Diagnostic& diagnostic = layer.diagnostics.front();
  return std::to_string(diagnostic.at.line) + ":" + std::to_string(diagnostic.at.column) +
         (diagnostic.severity == Severity::kError ? " error " : " warning ") + diagnostic.message;
}

void require_wrong(Language language, const std::vector<Wrong>& cases,
                   Scope scope = Scope::kDocument) {
  for (const Wrong& wrong : cases) {
    const Layer layer = read_layer(language, wrong.text, 2, scope);
    const std::string place =
        std::to_string(wrong.line) + ":" + std::to_string(wrong.column) + " error ";
    INFO(wrong.text);
    INFO(first(layer));
    CHECK_FALSE(layer.usable());
    CHECK(first(layer).starts_with(place));
    CHECK(first(layer).find(wrong.names) != std::string::npos);
  }
}

void require_right(Language language, const std::vector<Right>& cases,
                   Scope scope = Scope::kDocument) {
  for (const Right& right : cases) {
    const Layer layer = read_layer(language, right.text, 2, scope);
    INFO(right.text);
    INFO(first(layer));
    CHECK(layer.diagnostics.empty());
    CHECK(layer.values->dump() == Json::parse(right.values).dump());
  }
}

}  // namespace

TEST_CASE("Invalid TOML is an error at its position") {
  require_wrong(Language::kToml, {
                                     {"model = grok\n", 2, 9, "quotes"},
                                     {"model = \"x\n", 2, 11, "must end on its line"},
                                     {"model = 'x\n", 2, 11, "must end on its line"},
                                     {"x = 1\nm = \"\"\"x\n\n", 3, 5, "never ends"},
                                     {"m = [1,\n2\n", 2, 5, "missing"},
                                     {"m = {a = 1\nb = 2}\n", 2, 11, "inline table"},
                                     {"\"é\" = \"é\" x\n", 2, 13, "expected a comment"},
                                     {"a = 1\na = 2\n", 3, 5, "'a'"},
                                     {"a b\n", 2, 3, "'='"},
                                     {"= 1\n", 2, 1, "keys"},
                                     {"[a\n", 2, 3, "']'"},
                                     {"é\n", 2, 1, "'é'"},
                                     {"\n\nmodel = \"\\q\"\n", 4, 11, "escape"},
                                     {"a = 1 # \x01\n", 2, 9, "U+0001"},
                                     {"a = 1\r", 2, 6, "U+000D"},
                                     {"a = '\xff'\n", 2, 6, "UTF-8"},
                                 });
}

TEST_CASE("Invalid YAML is an error at its position") {
  require_wrong(Language::kYaml, {
                                     {"model: \"x\n", 2, 8, "never ends"},
                                     {"model: \"x", 2, 8, "never ends"},
                                     {"a: b\nt: \"\n", 3, 4, "never ends"},
                                     {"model: 'it''s\n", 2, 8, "never ends"},
                                     {"\"model: x\n", 2, 1, "never ends"},
                                     {"stop:\n- a\n- 'x y\n\n", 4, 3, "never ends"},
                                     {"a: |\n  \"x\nb: 'c' # \"\nmodel: \"y\n", 5, 8, "never ends"},
                                     {"a: 'b\n...\n", 2, 4, "never ends"},
                                     {"body:\n\tx: 1\n", 3, 1, "tab"},
                                     {"body:\n  y: 2\n\tx: 1\n", 4, 1, "tab"},
                                     {"\ta: 1\n", 2, 1, "tab"},
                                     {"stop: [1, 2\nb: 3\n", 2, 7, "bracket"},
                                     {"stop: [a,\n", 2, 7, "bracket"},
                                     {"body: {b: 1\n", 2, 7, "bracket"},
                                     {"model: x\n]\n", 3, 1, "bracket"},
                                     {"a: b: c\n", 2, 5, "colon"},
                                     {"a: 1\nmodel gpt\n", 3, 1, "model gpt"},
                                     {"a: \"x\" y\nb: 1\n", 2, 8, "does not belong"},
                                     {"a: @x\n", 2, 4, "quotes"},
                                     {"é: \"é\\q\"\n", 2, 8, "escape"},
                                     {"a: 1\na: 2\n", 3, 1, "The key a"},
                                     {"t:\n  x: {b: 1, b: 2}\n", 3, 13, "The key b"},
                                     {"a: 1\n...\nmodel: 2\n", 4, 1, "second"},
                                     {"a: 1\n--- x\n", 3, 1, "second"},
                                     {"a: *u\n", 2, 4, "alias"},
                                     {"a: &x [*x]\n", 2, 8, "alias"},
                                     {"? [a]\n: b\n", 2, 3, "key"},
                                     {"~: y\n", 2, 1, "key"},
                                     {"a: \x04\nmodel: 3\n", 2, 4, "U+0004"},
                                 });
}

TEST_CASE("Front matter that is not a mapping is an error") {
  require_wrong(Language::kYaml, {{"- a\n", 2, 1, "a list"},
                                  {"\nmodel = grok\n", 3, 1, "a string"},
                                  {"42\n", 2, 1, "the number 42"}});
}

TEST_CASE("An empty front matter is an empty table") {
  require_right(Language::kToml, {{"", "{}"}, {"\n\n", "{}"}, {"# nothing\n", "{}"}});
  require_right(Language::kYaml,
                {{"", "{}"}, {"\n\n", "{}"}, {"# nothing\n", "{}"}, {"~\n", "{}"}});
}

TEST_CASE("TOML values keep their type and their order") {
  require_right(
      Language::kToml,
      {
          {"model = \"grok-3\"\ntemperature = 0.5\n", R"({"model":"grok-3","temperature":0.5})"},
          {"temperature = 1\r\ntop_p = 1.0\r\n", R"({"temperature":1,"top_p":1.0})"},
          {"stop = [\"b\", \"a\"]\nomit = []\n", R"({"stop":["b","a"],"omit":[]})"},
          {"body.z = 1\nbody.a = 2\nmodel = 'x'\n[body.q]\nr = [true, {s = 'é'}]\n",
           R"({"body":{"z":1,"a":2,"q":{"r":[true,{"s":"é"}]}},"model":"x"})"},
          {"subject = 'x'\ndate = 1979-05-27\n[menu.main]\nweight = inf\n", "{}"},
          {"delimiterPrefix = \"\\n\"\ndelimiterSuffix = ' \t'\n",
           "{\"delimiterPrefix\":\"\\n\",\"delimiterSuffix\":\" \\t\"}"},
          {"seed = -9223372036854775808\n", R"({"seed":-9223372036854775808})"},
      });
}

TEST_CASE("YAML escapes of one character are that character in UTF-8") {
  const Layer layer = read_layer(
      Language::kYaml, "stop: [\"\\N\", \"a\\_b\", \"\\L\", \"\\x85\\u00e9\"]\n\"\\_\": 1\n", 2,
      Scope::kDocument);
  const Json expected = {"\u0085", "a\u00A0b", "\u2028", "\u0085\u00E9"};
  CHECK(layer.values->at("stop") == expected);
}

TEST_CASE("YAML scalars follow the core schema") {
  require_right(
      Language::kYaml,
      {
          {"model: grok-3\ntemperature: 0.5\n", R"({"model":"grok-3","temperature":0.5})"},
          {"seed: 0x10\ntop_k: 0o17\ntop_p: .5\nmax_tokens: +12\ntemperature: 1e0\n",
           R"({"seed":16,"top_k":15,"top_p":0.5,"max_tokens":12,"temperature":1.0})"},
          {"model: '3'\nprovider: !!str 3\nverbosity: ! 4\n",
           R"({"model":"3","provider":"3","verbosity":"4"})"},
          {"model: yes\nprovider: 1979-05-27\nverbosity: 0x\nservice_tier: 1_000\n",
           R"({"model":"yes","provider":"1979-05-27","verbosity":"0x","service_tier":"1_000"})"},
          {"body: {a: ~, b: null, c: , d: True, e: FALSE, f: -3, g: 2., h: !!float 1}\n",
           R"({"body":{"a":null,"b":null,"c":null,"d":true,"e":false,"f":-3,"g":2.0,"h":1.0}})"},
          {"body:\n  logit_bias: {50256: -100}\n", R"({"body":{"logit_bias":{"50256":-100}}})"},
          {"shared: &s [a, b]\nstop: *s\n", R"({"stop":["a","b"]})"},
          {"date: 2024-01-01\ntags: [a]\nother: !ruby/x {y: .nan}\n", "{}"},
          {"userDelimiter: \"**user**\"\n", R"({"userDelimiter":"**user**"})"},
          {"model: >-\n  x\n", R"({"model":"x"})"},
          // A null value leaves the setting unset.
          {"model:\nstop: null\nseed: ~\ntags:\n", "{}"},
      });
}

TEST_CASE("A value of the wrong type is an error at the value") {
  require_wrong(Language::kToml,
                {
                    {"model = 3\n", 2, 9, "model must be a string, not the number 3"},
                    {"model = true\n", 2, 9, "true"},
                    {"model = 1979-05-27\n", 2, 9, "a date"},
                    {"[model]\n", 2, 1, "model must be a string, not a table"},
                    {"temperature = \"hot\"\n", 2, 15, "temperature must be a number"},
                    {"temperature = nan\n", 2, 15, "temperature"},
                    {"top_p = -inf\n", 2, 9, "top_p"},
                    {"max_tokens = 10.0\n", 2, 14, "max_tokens must be a whole number"},
                    {"seed = '1'\n", 2, 8, "seed"},
                    {"stop = [\"a\", 3]\n", 2, 14, "stop"},
                    {"omit = 'x'\n", 2, 8, "omit must be a list of strings"},
                    {"body = 1\n", 2, 8, "body must be a table"},
                    {"[body]\nd = 1979-05-27\n", 3, 5, "a date"},
                    {"[body]\na.b = [1.5, 07:32:00]\n", 3, 13, "a time"},
                    {"[body]\na.b = [1.5, inf]\n", 3, 13, "body"},
                });
  require_wrong(Language::kYaml, {
                                     {"model: 3\n", 2, 8, "model must be a string"},
                                     {"a: b\nmodel: [é]\n", 3, 8, "a list"},
                                     {"temperature: .inf\n", 2, 14, "temperature"},
                                     {"seed: 99999999999999999999\n", 2, 7, "64 bits"},
                                     {"verbosity: !!int '3'\n", 2, 12, "verbosity"},
                                     {"body: !x {a: 1}\n", 2, 7, "!x"},
                                     {"body:\n  x: [.nan]\n", 3, 7, "body"},
                                     {"body:\n  x: 1e999\n", 3, 6, "too large"},
                                 });
}

TEST_CASE("A value out of bounds is an error at the value") {
  require_wrong(Language::kToml,
                {
                    {"model = ''\n", 2, 9, "model must not be empty"},
                    {"model = \"a\\nb\"\n", 2, 9, "model must be one line"},
                    {"max_tokens = 0\n", 2, 14, "max_tokens must be 1 or more"},
                    {"reasoning = 'show'\n", 2, 13, "reasoning"},
                    {"preset = '../x'\n", 2, 10, "preset"},
                    {"preset = '.x'\n", 2, 10, "preset"},
                    {"userDelimiter = ''\n", 2, 17, "userDelimiter must not be blank"},
                    {"userDelimiter = ' \t'\n", 2, 17, "userDelimiter must not be blank"},
                    {"userDelimiter = \"a\\nb\"\n", 2, 17, "userDelimiter must be one line"},
                    {"userDelimiter = \"a\\rb\"\n", 2, 17, "userDelimiter must be one line"},
                    {"assistantDelimiter = ' a'\n", 2, 22, "assistantDelimiter"},
                    {"systemDelimiter = \"a\\t\"\n", 2, 19, "systemDelimiter"},
                    {"systemDelimiter = \"a\\u0000b\"\n", 2, 19, "systemDelimiter"},
                    {"systemDelimiter = '\\a'\n", 2, 19, "backslash"},
                    {"systemDelimiter = '</details>'\n", 2, 19, "systemDelimiter"},
                    {"systemDelimiter = '-->'\n", 2, 19, "tool call"},
                    {"systemDelimiter = '<details><summary>Step 1'\n", 2, 19, "tool call"},
                    {"systemDelimiter = '<!-- chatvim:state'\n", 2, 19, "tool call"},
                    {"delimiterPrefix = 'x'\n", 2, 19, "delimiterPrefix"},
                    {"delimiterSuffix = \"\\u00a0\"\n", 2, 19, "delimiterSuffix"},
                    {"userDelimiter = '# X'\nassistantDelimiter = '# X'\n", 3, 22, "Delimiter"},
                    {"systemDelimiter = '# X'\nuserDelimiter = '# X'\n", 3, 17, "systemDelimiter"},
                });
}

TEST_CASE("A document cannot set where a request goes") {
  for (const char* key : {"base_url", "headers", "proxy", "ca_file", "api_key", "api_key_env",
                          "api_key_command", "api_keys", "providers"}) {
    const std::string toml = std::string("model = 'x'\n") + key + " = 'http://127.0.0.1/'\n";
    const std::string yaml = std::string("model: x\n") + key + ": {}\n";
    require_wrong(Language::kToml, {{toml.c_str(), 3, 1, key}});
    require_wrong(Language::kYaml, {{yaml.c_str(), 3, 1, "your config.md"}});
  }
  require_wrong(Language::kToml, {{"[providers.x]\napi = 'chat'\n", 2, 2, "providers"}});
  require_right(Language::kToml,
                {{"[body]\nbase_url = 'x'\n[other]\nproxy = 1\n", R"({"body":{"base_url":"x"}})"}});
}

TEST_CASE("Provider tables are checked strictly") {
  require_right(Language::kToml,
                {{"[providers.x]\napi = 'chat'\nbase_url = 'http://[::1]:9/v1'\n"
                  "api_key_env = ['A', 'B']\nheaders = {X-A = 'b'}\nidle_timeout = 0.5\n"
                  "[providers.openai.body]\nstore = false\n",
                  R"({"providers":{"x":{"api":"chat","base_url":"http://[::1]:9/v1",
                      "api_key_env":["A","B"],"headers":{"X-A":"b"},"idle_timeout":0.5},
                      "openai":{"body":{"store":false}}}})"},
                 {"[providers.x]\nbase_url = 'HTTPS://h'\n",
                  R"({"providers":{"x":{"base_url":"HTTPS://h"}}})"}},
                Scope::kConfiguration);
  require_wrong(
      Language::kToml,
      {
          {"providers = 1\n", 2, 13, "providers must be a table"},
          {"providers.x = 1\n", 2, 15, "providers.x must be a table"},
          {"[providers.'a/b']\n", 2, 12, "slash"},
          {"[providers.x]\nidle_timout = 3\n", 3, 1, "idle_timeout?"},
          {"[providers.x]\nkey = 3\n", 3, 1, "api_key_env"},
          {"[providers.x]\napi = 'grpc'\n", 3, 7, "providers.x.api"},
          {"[providers.x]\nprefill = 'yes'\n", 3, 11, "\"continue_final_message\""},
          {"[providers.x]\nbase_url = 'file:///x'\n", 3, 12, kUrl},
          {"[providers.x]\nbase_url = 'https://'\n", 3, 12, kUrl},
          {"[providers.x]\nbase_url = 'http://me@:80'\n", 3, 12, "and a host"},
          {"[providers.x]\nbase_url = 'http://h/a b'\n", 3, 12, "without spaces"},
          {"[providers.x]\nheaders = {'c d' = 'x'}\n", 3, 11, "c d"},
          {"[providers.x]\nheaders = {c = \"a\\r\\nb\"}\n", 3, 11, "line break"},
          {"[providers.x]\nheaders = {c = 1}\n", 3, 16, "headers"},
          {"[providers.x]\nmodels = 'x'\n", 3, 10, "providers.x.models"},
          {"[providers.x]\napi_key_env = []\n", 3, 15, "api_key_env"},
          {"[providers.x]\napi_key_command = []\n", 3, 19, "api_key_command"},
          {"[providers.x]\nidle_timeout = -1\n", 3, 16, "0 or more"},
          {"[providers.x]\nconnect_timeout = inf\n", 3, 19, "providers.x.connect_timeout"},
          {"[providers.x]\nbody.d = 1979-05-27\n", 3, 10, "a date"},
      },
      Scope::kConfiguration);
}

TEST_CASE("Error messages do not repeat possible secrets") {
  const Layer layer = read_layer(
      Language::kToml, "[providers.x]\napi_key = 'sk-secret'\nheaders = {A = \"sk-secret\\n\"}\n",
      1, Scope::kConfiguration);
  REQUIRE(layer.diagnostics.size() == 2);
  for (const Diagnostic& diagnostic : layer.diagnostics) {
    CHECK(diagnostic.message.find("sk-secret") == std::string::npos);
  }
}

TEST_CASE("An error leaves the other settings of a layer usable") {
  const Layer layer =
      read_layer(Language::kToml, "top_p = 'x'\nmodel = 'y'\n", 1, Scope::kDocument);
  CHECK(layer.values->dump() == R"({"model":"y"})");
  CHECK_FALSE(layer.usable());
}

TEST_CASE("Diagnostics are sorted by position") {
  const Layer layer = read_layer(Language::kToml, "modle = 1\ntop_k = 'x'\nproxy = 1\nmodel = 1\n",
                                 5, Scope::kDocument);
  REQUIRE(layer.diagnostics.size() == 4);
  for (int i = 0; i < 4; ++i)
    CHECK(layer.diagnostics[static_cast<std::size_t>(i)].at.line == 5 + i);
}

}  // namespace chatvim::settings
