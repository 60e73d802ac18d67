// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing {

namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("models lists the models of providers with a key, and the data's date", "[models]") {
  Home home;
  const Run none = home.run({"models"});
  CHECK(none.code == 0);
  CHECK(holds(none.out, "No provider is set up"));
  home.set("XAI_API_KEY", "k");
  const Run some = home.run({"models"});
  CHECK(some.code == 0);
  CHECK(holds(some.out, "xai/grok-4.7"));
  CHECK_FALSE(holds(some.out, "openai/gpt"));
  CHECK(holds(some.out, "Data of 20"));
  CHECK(holds(home.run({"models", "openai"}).out, "openai/gpt-6-sol"));
  CHECK(holds(home.run({"models", "--all"}).out, "openrouter/"));
  const Run unknown = home.run({"models", "opnai"});
  CHECK(unknown.code == 2);
  CHECK(holds(unknown.err, "openai"));
}

TEST_CASE("models lists servers of the user's that need no key", "[models]") {
  Home home;
  home.configure(
      "+++\n[providers.local]\nbase_url = \"http://127.0.0.1:1/v1\"\ndefault_model = \"d\"\n"
      "models = [\"one\"]\n[providers.bare]\nbase_url = \"http://127.0.0.1:2/v1\"\n+++\n");
  CHECK(home.run({"models", "--names"}).out == "local/one\nlocal/d\n");
  CHECK(holds(home.run({"models"}).out, "local/d"));
  CHECK(holds(home.run({"models", "bare"}).out, "--remote PROVIDER"));
  CHECK_FALSE(holds(home.run({"models", "--names"}).out, "ollama/"));
}

TEST_CASE("a server without a key that lists no model is not called missing", "[models]") {
  Home home;
  home.configure("+++\n[providers.bare]\nbase_url = \"http://127.0.0.1:2/v1\"\n+++\n");
  const Run run = home.run({"models"});
  CHECK(run.code == 0);
  CHECK(holds(run.out, "--remote PROVIDER"));
  CHECK_FALSE(holds(run.out, "key"));
}

TEST_CASE("the configuration overrides models and adds its own", "[models]") {
  Home home;
  home.set("XAI_API_KEY", "k");
  home.configure(
      "+++\n[facts.\"xai/grok-4.7\"]\ncontext = 12345\nprice = {input = 77}\n"
      "[facts.\"xai/grok-next\"]\ncontext = 99\n+++\n");
  const Json list = Json::parse(home.run({"models", "--json"}).out);
  CHECK(list.at("date").get<std::string>().size() == 10);
  int found = 0;
  for (const Json& model : list.at("models")) {
    if (model.at("name") == "grok-4.7") {
      ++found;
      CHECK(model.at("context") == 12345);
      CHECK(model.at("price").at("input") == 77);
    }
    if (model.at("name") == "grok-next") {
      ++found;
      CHECK(model.at("context") == 99);
    }
  }
  CHECK(found == 2);
}

TEST_CASE("models --remote asks a provider for its models", "[models]") {
  Standin standin;
  Home home;
  home.set("KEY", "the-key");
  home.configure(configuration(standin.base_url(), "api_key_env = \"KEY\""));
  standin.script(Json::array({{{"match", {{"method", "GET"}, {"path", "/v1/models"}}},
                               {"json",
                                {{"data", {{{"id", "one"}, {"max_model_len", 10}}}},
                                 {"has_more", true},
                                 {"last_id", "one"}}}},
                              {{"json", {{"data", {{{"id", "two"}}}}, {"has_more", false}}}},
                              {{"status", 401}, {"json", {{"error", {{"message", "bad key"}}}}}},
                              {{"body", "<html>"}}}));
  const Run run = home.run({"models", "--remote", "standin"});
  INFO(run.err);
  CHECK(run.code == 0);
  CHECK(holds(run.out, "standin/one"));
  CHECK(holds(run.out, "standin/two"));
  const Json requests = standin.requests();
  REQUIRE(requests.size() == 2);
  CHECK(header(requests[0], "authorization") == "Bearer the-key");
  CHECK(requests[1].at("target").get<std::string>().find("after_id=one") != std::string::npos);

  const Run refused = home.run({"models", "--remote", "standin"});
  CHECK(refused.code == 1);
  CHECK(holds(refused.err, "standin 401: bad key."));
  CHECK(holds(refused.err, "$KEY"));
  const Run page = home.run({"models", "--remote", "standin"});
  CHECK(page.code == 1);
  CHECK(holds(page.err, "not a list of models"));
  CHECK(home.run({"models", "--remote", "nobody"}).code == 2);
}

}  // namespace chatvim::testing
