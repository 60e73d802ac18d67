// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "chatvim/document/format.hpp"
#include "chatvim/settings/schema.hpp"
#include "chatvim/settings/settings.hpp"

namespace chatvim::settings {
namespace {

Layer toml(const char* text, Scope scope = Scope::kConfiguration) {
  return read_layer(Language::kToml, text, 2, scope);
}

Settings lay(std::vector<Layer> layers) { return Settings(layers); }

std::string only_message(const Layer& layer) {
  REQUIRE(layer.diagnostics.size() == 1);
  CHECK(layer.diagnostics[0].at.line == 0);
  return layer.diagnostics[0].message;
}

Layer set(std::vector<std::string> words) { return read_assignments(words); }

}  // namespace

TEST_CASE("A stronger layer overrides a weaker one's values") {
  const Settings settings = lay({toml("model = 'a'\nstop = ['x']\nomit = ['p', 'q']\n"),
                                 toml("model = 'b'\ntop_p = 0.5\nomit = ['r']\n"),
                                 toml("temperature = 1\nstop = 'y'\n")});
  CHECK(settings.string("model") == "b");
  CHECK(settings.string("provider") == std::nullopt);
  CHECK(settings.string("top_p") == std::nullopt);
  CHECK(settings.omit() == std::vector<std::string>{"r"});
  CHECK(settings.diagnostics().empty());

  const auto parameters = settings.parameters();
  REQUIRE(parameters.size() == 3);  // in the schema's order
  CHECK(parameters[0] == std::pair<std::string, Json>("temperature", 1));
  CHECK(parameters[1] == std::pair<std::string, Json>("top_p", 0.5));
  CHECK(parameters[2] == std::pair<std::string, Json>("stop", "y"));
}

TEST_CASE("Without layers there are no settings") {
  const Settings settings = lay({});
  CHECK(settings.parameters().empty());
  CHECK(settings.body().dump() == "{}");
  CHECK(settings.providers().dump() == "{}");
  CHECK(settings.omit().empty());
  CHECK(settings.diagnostics().empty());
  CHECK(lay({Layer{}}).body().dump() == "{}");
}

TEST_CASE("body is merged key by key, its tables are replaced") {
  const Settings settings = lay({toml("[body]\na = 1\nb = {c = 1, d = 2}\n"),
                                 toml("[body]\ne = 3\nb = {c = 4}\n", Scope::kDocument)});
  CHECK(settings.body().dump() == R"({"a":1,"b":{"c":4},"e":3})");
}

TEST_CASE("providers are merged row by row and key by key") {
  const Settings settings =
      lay({toml("[providers.x]\napi = 'chat'\nmodels = ['a', 'b']\nheaders = {A = '1', B = '2'}\n"
                "body = {t = {u = 1}}\n"),
           toml("[providers.x]\nmodels = ['c']\nheaders = {B = '3'}\nbody = {t = {v = 2}}\n"
                "[providers.y]\napi = 'messages'\n")});
  CHECK(settings.providers().dump() ==
        R"({"x":{"api":"chat","models":["c"],"headers":{"A":"1","B":"3"},"body":{"t":{"v":2}}},)"
        R"("y":{"api":"messages"}})");
}

TEST_CASE("Delimiters must differ across layers, the built-in ones included") {
  const Layer weak = toml("userDelimiter = '# X'\n");
  const Layer strong = toml("title = 1\nsystemDelimiter = '# X'\n", Scope::kDocument);
  const Settings across = lay({weak, strong});
  REQUIRE(across.diagnostics().size() == 1);
  CHECK(across.diagnostics()[0].at.line == 3);
  CHECK(across.diagnostics()[0].at.column == 19);
  CHECK(across.diagnostics()[0].message.find("userDelimiter and systemDelimiter") !=
        std::string::npos);

  const Settings built_in = lay({toml("userDelimiter = '# === SYSTEM ==='\n", Scope::kDocument)});
  REQUIRE(built_in.diagnostics().size() == 1);
  CHECK(built_in.diagnostics()[0].at.line == 2);

  const Settings elsewhere = lay({weak, toml("systemDelimiter = '# X'\n"), toml("model = 'x'\n")});
  REQUIRE(elsewhere.diagnostics().size() == 1);
  CHECK(elsewhere.diagnostics()[0].at.line == 0);

  const Settings swapped =
      lay({toml("userDelimiter = '# === ASSISTANT ==='\n"
                "assistantDelimiter = '# === USER ==='\n")});
  CHECK(swapped.diagnostics().empty());
}

TEST_CASE("The schema's built-in delimiters are the format's") {
  const document::Format format;
  CHECK(find_option(schema(), "userDelimiter")->fallback == format.user_delimiter);
  CHECK(find_option(schema(), "assistantDelimiter")->fallback == format.assistant_delimiter);
  CHECK(find_option(schema(), "systemDelimiter")->fallback == format.system_delimiter);
  CHECK(find_option(schema(), "delimiterPrefix")->fallback == R"(\n\n)");
  CHECK(format.delimiter_prefix == "\n\n");
  CHECK(find_option(schema(), "delimiterSuffix")->fallback == R"(\n\n)");
  CHECK(format.delimiter_suffix == "\n\n");
}

TEST_CASE("In KEY=VALUE the value is TOML if it parses as TOML, else text") {
  CHECK(set({"model=grok", "temperature=0.5", "stop=[\"a\"]", "max_tokens= 3 "}).values->dump() ==
        R"({"model":"grok","temperature":0.5,"stop":["a"],"max_tokens":3})");
  CHECK(set({"model='3'", "userDelimiter=# X", "service_tier=2024-01-01"}).values->dump() ==
        R"({"model":"3","userDelimiter":"# X","service_tier":"2024-01-01"})");
  CHECK(set({"model=a", "model=b=c"}).values->dump() == R"({"model":"b=c"})");
  CHECK(set({"body.a.b=1", "body.a.c=x y", "body.d=true"}).values->dump() ==
        R"({"body":{"a":{"b":1,"c":"x y"},"d":true}})");
  CHECK(set({"providers.l.base_url=http://127.0.0.1:9/v1"}).usable());
  CHECK(set({}).values->dump() == "{}");
  // A single argument cannot smuggle in a second key.
  CHECK(set({"userDelimiter='x'}\nmodel = {v = 'x'"}).values->dump() == "{}");
  CHECK_FALSE(set({"max_tokens=1, w = 2"}).usable());
}

TEST_CASE("An argument that sets nothing is an error") {
  CHECK(only_message(set({"model"})).find("KEY=VALUE") != std::string::npos);
  CHECK(only_message(set({"=x"})).find("not a valid key") != std::string::npos);
  CHECK(only_message(set({"body..a=1"})).find("body..a") != std::string::npos);
  CHECK(only_message(set({"modle=x"})).find("mean model?") != std::string::npos);
  CHECK(only_message(set({"subject=x"})).find("subject") != std::string::npos);
  CHECK(only_message(set({"model=3"})).find("model must be a string") != std::string::npos);
  CHECK(only_message(set({"model="})).find("model must not be empty") != std::string::npos);
  CHECK(only_message(set({"model.x=1"})).find("model must be a string") != std::string::npos);
  std::string deep = "body";
  for (int i = 0; i < 100000; ++i) deep += ".a";
  CHECK_FALSE(set({deep + "=1"}).usable());
}

TEST_CASE("The editor's settings are checked with their dotted path") {
  const auto check = [](const char* json) {
    return check_layer(Json::parse(json), Scope::kConfiguration, "settings");
  };
  CHECK(check(R"({"model":"x","temperature":1})").values->dump() ==
        R"({"model":"x","temperature":1})");
  CHECK(only_message(check(R"({"temperature":"x"})"))
            .starts_with("settings.temperature must be a number, not a string"));
  CHECK(only_message(check(R"({"modle":"x"})")).starts_with("settings.modle"));
  CHECK(only_message(check(R"({"providers":{"x":{"api":"y"}}})"))
            .starts_with("settings.providers.x.api must be"));
  CHECK(only_message(check(R"({"seed":18446744073709551615})")).starts_with("settings.seed"));
  CHECK(only_message(check("3")).starts_with("settings must be a table"));
  CHECK(check_layer(Json::parse(R"({"base_url":"x"})"), Scope::kDocument, "x").usable() == false);
}

TEST_CASE("Lua's empty table becomes an empty list or table as needed") {
  const auto check = [](const char* json) {
    return check_layer(Json::parse(json), Scope::kConfiguration, "settings");
  };
  CHECK(check("[]").values->dump() == "{}");
  const Layer layer =
      check(R"({"body":[],"omit":[],"stop":[],"providers":{"x":[],"y":{"headers":[],"body":[]}}})");
  CHECK(layer.diagnostics.empty());
  CHECK(layer.values->dump() ==
        R"({"body":{},"omit":[],"stop":[],"providers":{"x":{},"y":{"headers":{},"body":{}}}})");
}

TEST_CASE("JSON that is too deep, too large or not UTF-8 is rejected") {
  Json deep = 1;
  for (int i = 0; i < 40; ++i) deep = Json{{"a", deep}};
  const Json body = {{"body", deep}};
  CHECK_FALSE(check_layer(body, Scope::kConfiguration, "settings").usable());
  const Json wide = {{"stop", std::vector<std::string>(20000, "x")}};
  CHECK_FALSE(check_layer(wide, Scope::kConfiguration, "settings").usable());
  const Json bytes = {{"model", "\xff"}};
  CHECK_FALSE(check_layer(bytes, Scope::kConfiguration, "settings").usable());
}

}  // namespace chatvim::settings
