// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing {

namespace {

const char* const kDocument =
    "+++\n"
    "model = \"grok-3\"\n"
    "temperature = 0.5\n"
    "max_tokens = 100\n"
    "stop = [\"END\"]\n"
    "title = \"not a setting\"\n"
    "[body]\n"
    "search = { mode = \"on\", sources = [1, 2] }\n"
    "+++\n"
    "# === SYSTEM ===\nbe brief\n# === USER ===\nh\xC3\xA9llo \"\xF0\x9F\x99\x82\"\t\\\n";

}  // namespace

TEST_CASE("request prints the request without the key", "[request]") {
  Home home;
  home.set("XAI_API_KEY", "sentinel-key");
  const Run run = home.run({"request"}, kDocument);
  REQUIRE(run.code == 0);
  CHECK(Json::parse(run.out) == Json::parse(R"({
    "method": "POST",
    "url": "https://api.x.ai/v1/chat/completions",
    "headers": {"Content-Type": "application/json", "Authorization": "Bearer ***"},
    "body": {
      "model": "grok-3",
      "messages": [
        {"role": "system", "content": "be brief"},
        {"role": "user", "content": "héllo \"🙂\"\t\\"}
      ],
      "stream": true,
      "stream_options": {"include_usage": true},
      "temperature": 0.5,
      "max_tokens": 100,
      "stop": ["END"],
      "search": {"mode": "on", "sources": [1, 2]}
    }
  })"));
  CHECK(run.out.find("sentinel-key") == std::string::npos);
}

TEST_CASE("request hides headers that hold a secret, and no others", "[request]") {
  Home home;
  home.configure(
      "+++\nmodel = \"gate/x\"\n[providers.gate]\n"
      "base_url = \"https://gate.example/openai-main/v1\"\n"
      "headers = { x-portkey-provider = \"openai-main\", x-portkey-api-key = \"sentinel-key\" }\n"
      "+++\n");
  const Run run = home.run({"request", "hi"});
  REQUIRE(run.code == 0);
  const Json request = Json::parse(run.out);
  CHECK(request.at("url") == "https://gate.example/openai-main/v1/chat/completions");
  CHECK(request.at("headers").at("x-portkey-provider") == "openai-main");
  CHECK(request.at("headers").at("x-portkey-api-key") == "***");
}

TEST_CASE("request shows exactly what is sent, the same each time", "[request]") {
  Standin standin;
  Home home;
  home.configure(configuration(standin.base_url()) + "# === SYSTEM ===\nfrom the configuration\n");
  standin.script(Json::array({answer({"a"}), answer({"b"})}));
  const std::string document =
      "+++\nmodel = \"standin/x\"\nseed = 7\n[body]\nresponse_format = { a = [true] }\n+++\nhi\n";
  const std::string path = home.file("chat.md", document);
  const Run shown = home.run({"request", "--file", path});
  REQUIRE(shown.code == 0);
  REQUIRE(home.run({"complete", "--file", path}).code == 0);
  REQUIRE(home.run({"complete"}, document).code == 0);
  CHECK(standin.body(1) == standin.body(2));
  using Ordered = nlohmann::ordered_json;
  // The order of the keys matters too.
  CHECK(Ordered::parse(shown.out).at("body").dump() == standin.body(1));
  const Json request = standin.requests().at(0);
  const Json described = Json::parse(shown.out);
  CHECK(request.at("method") == described.at("method"));
  CHECK(described.at("url") == standin.base_url() + "/chat/completions");
  CHECK(request.at("target") == "/v1/chat/completions");
  CHECK(header(request, "content-type") == "application/json");
}

TEST_CASE("only what the user wrote is in the body", "[request]") {
  const Home home;
  home.configure(configuration("http://127.0.0.1:9/v1"));
  const Run run = home.run({"request", "hi"});
  REQUIRE(run.code == 0);
  CHECK(Json::parse(run.out).at("body") ==
        Json{{"model", "m"},
             {"stream", true},
             {"messages", {{{"role", "user"}, {"content", "hi"}}}}});
}

TEST_CASE("omit removes a key, whatever set it", "[request]") {
  const Home home;
  home.configure(
      "+++\nmodel = \"standin/m\"\ntemperature = 1\n[providers.standin]\nbase_url = "
      "\"http://127.0.0.1:9\"\n"
      "body = { think = true, keep = 1 }\n+++\n");
  const auto body_of = [&](const std::string& document) {
    const Run run = home.run({"request"}, document);
    REQUIRE(run.code == 0);
    return Json::parse(run.out).at("body");
  };
  CHECK(body_of("hi").at("temperature") == 1);
  CHECK(body_of("hi").at("think") == true);
  const Json less = body_of("+++\nomit = [\"temperature\", \"think\", \"stream\"]\n+++\nhi");
  CHECK_FALSE(less.contains("temperature"));
  CHECK_FALSE(less.contains("think"));
  CHECK_FALSE(less.contains("stream"));
  CHECK(less.at("keep") == 1);
}

TEST_CASE("the two token limits are never both sent", "[request]") {
  const Home home;
  const auto body_of = [&](const std::string& document) {
    const Run run = home.run({"request"}, document);
    REQUIRE(run.code == 0);
    return Json::parse(run.out).at("body");
  };
  const Json openai = body_of("+++\nmodel = \"gpt-x\"\nmax_tokens = 5\n+++\nhi");
  CHECK(openai.at("max_completion_tokens") == 5);
  CHECK_FALSE(openai.contains("max_tokens"));
  const Json both =
      body_of("+++\nmodel = \"gpt-x\"\nmax_tokens = 5\n[body]\nmax_tokens = 6\n+++\nhi");
  CHECK(both.at("max_tokens") == 6);
  CHECK_FALSE(both.contains("max_completion_tokens"));
}

}  // namespace chatvim::testing
