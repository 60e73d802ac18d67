// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing {

TEST_CASE("the named provider gets the request, no other", "[provider]") {
  Standin one;
  Standin two;
  Home home;
  home.set("ONE_KEY", "key-of-one");
  home.set("TWO_KEY", "key-of-two");
  home.configure(fmt::format(
      "+++\nmodel = \"one/m\"\n[providers.one]\nbase_url = \"{}\"\napi_key_env = \"ONE_KEY\"\n"
      "[providers.two]\nbase_url = \"{}\"\napi_key_env = \"TWO_KEY\"\nmodels = "
      "[\"special\"]\n+++\n",
      one.base_url(), two.base_url()));
  two.script(Json::array({answer({"a"}),
                          answer({"b"}),
                          {{"status", 503}, {"headers", {{"x-should-retry", "false"}}}}}));
  CHECK(home.run({"complete"}, "+++\nmodel = \"two/m\"\n+++\nhi").out == printed("a"));
  CHECK(home.run({"complete"}, "+++\nmodel = \"special\"\n+++\nhi").out == printed("b"));
  // If a provider fails, no other one is asked.
  CHECK(home.run({"complete"}, "+++\nmodel = \"two/m\"\n+++\nhi").code == 1);
  CHECK(one.records().at("connections").empty());
  const Json requests = two.requests();
  REQUIRE(requests.size() == 3);
  for (const Json& request : requests)
    CHECK(header(request, "authorization") == "Bearer key-of-two");
  CHECK(Json::parse(two.body(1)).at("model") == "m");
  CHECK(Json::parse(two.body(2)).at("model") == "special");
}

TEST_CASE("an unknown provider or model is an error with suggestions", "[provider]") {
  Standin standin;
  const Home home(standin);
  const Run provider = home.run({"complete"}, "+++\nmodel = \"standni/m\"\n+++\nhi");
  CHECK(provider.code == 2);
  CHECK(provider.err.find("standin") != std::string::npos);
  const Run named = home.run({"complete"}, "+++\nprovider = \"opnai\"\n+++\nhi");
  CHECK(named.code == 2);
  CHECK(named.err.find("openai") != std::string::npos);
  const Run model = home.run({"complete"}, "+++\nmodel = \"gork-3\"\n+++\nhi");
  CHECK(model.code == 2);
  CHECK(model.err.find("grok") != std::string::npos);
  CHECK(standin.requests().empty());
}

TEST_CASE("without a key there is no Authorization header", "[provider]") {
  Standin standin;
  Home home(standin);
  home.set("OPENAI_API_KEY", "not-for-you");
  standin.script(Json::array({answer({"a"})}));
  REQUIRE(home.run({"complete", "hi"}).code == 0);
  const Json request = standin.requests().at(0);
  CHECK(header(request, "authorization").empty());
  CHECK(request.dump().find("not-for-you") == std::string::npos);
  CHECK(header(request, "expect").empty());
}

TEST_CASE("a base URL works with and without slash or path", "[provider]") {
  Standin standin;
  const std::string host = "http://127.0.0.1:" + standin.port();
  struct Case {
    std::string base_url;
    std::string target;
  };
  const Case cases[] = {{host, "/v1/chat/completions"},
                        {host + "/", "/v1/chat/completions"},
                        {host + "/v1", "/v1/chat/completions"},
                        {host + "/v1/", "/v1/chat/completions"},
                        {host + "/v1/chat/completions", "/v1/chat/completions"},
                        {host + "/openai/v2/", "/openai/v2/chat/completions"},
                        {host + "/v1?api-version=1", "/v1/chat/completions?api-version=1"}};
  const Home home;
  int id = 0;
  for (const Case& one : cases) {
    INFO(one.base_url);
    home.configure(configuration(one.base_url));
    standin.script(Json::array({answer({"a"})}));
    CHECK(home.run({"complete", "hi"}).out == printed("a"));
    CHECK(standin.requests().at(id++).at("target") == one.target);
  }
}

TEST_CASE("OPENAI_BASE_URL is used unless the configuration overrides it", "[provider]") {
  Standin standin;
  Home home;
  home.set("OPENAI_API_KEY", "k");
  home.set("OPENAI_BASE_URL", standin.base_url());
  standin.script(Json::array({answer({"a"}), answer({"b"})}));
  CHECK(home.run({"complete"}, "+++\nmodel = \"gpt-x\"\n+++\nhi").out == printed("a"));
  home.set("OPENAI_BASE_URL", "http://127.0.0.1:1/v1");
  home.configure(
      fmt::format("+++\n[providers.openai]\nbase_url = \"{}\"\n+++\n", standin.base_url()));
  CHECK(home.run({"complete"}, "+++\nmodel = \"gpt-x\"\n+++\nhi").out == printed("b"));
}

TEST_CASE("localhost works with IPv4 and IPv6", "[provider]") {
  for (const char* host : {"127.0.0.1", "::1"}) {
    INFO(host);
    Standin standin({"--host", host});
    const Home home;
    home.configure(configuration("http://localhost:" + standin.port() + "/v1"));
    standin.script(Json::array({answer({"a"})}));
    const Run run = home.run({"complete", "hi"});
    INFO(run.err);
    CHECK(run.out == printed("a"));
  }
}

TEST_CASE("a redirect is not followed but reported", "[provider]") {
  Standin standin;
  Standin other;
  Home home;
  home.set("KEY", "sentinel-key");
  home.configure(configuration(standin.base_url(), "api_key_env = \"KEY\""));
  for (const int status : {301, 302, 307, 308}) {
    standin.script(
        Json::array({{{"status", status},
                      {"headers", {{"Location", other.base_url() + "/chat/completions"}}},
                      {"body", ""}}}));
    const Run run = home.run({"complete", "hi"});
    CHECK(run.code == 1);
    CHECK(run.err.find(std::to_string(status)) != std::string::npos);
  }
  CHECK(other.records().at("connections").empty());
  CHECK(standin.requests().size() == 4);
}

TEST_CASE("a server's certificate is checked, and ca_file adds an authority", "[provider]") {
  const Home home;
  Standin standin({"--tls", "--write-ca", home.path("ca.pem")});
  home.configure(configuration(standin.base_url()));
  const Run distrusted = home.run({"complete", "hi"});
  CHECK(distrusted.code == 1);
  CHECK(distrusted.err.find("TLS with 127.0.0.1 failed") != std::string::npos);
  CHECK(distrusted.err.find("ca_file") != std::string::npos);
  CHECK(standin.requests().empty());
  home.configure(configuration(standin.base_url(), "ca_file = \"" + home.path("ca.pem") + "\""));
  standin.script(Json::array({answer({"trusted"})}));
  CHECK(home.run({"complete", "hi"}).out == printed("trusted"));
}

TEST_CASE("a 404 shows the URL of the request", "[provider]") {
  Standin standin;
  const Home home(standin);
  standin.script(
      Json::array({{{"status", 404}, {"json", {{"error", {{"message", "no such model"}}}}}}}));
  const Run run = home.run({"complete", "hi"});
  CHECK(run.code == 1);
  CHECK(run.err.find(standin.base_url() + "/chat/completions") != std::string::npos);
  CHECK(run.err.find("no such model") != std::string::npos);
}

TEST_CASE("a 400 that names a parameter says which setting to drop", "[provider]") {
  Standin standin;
  const Home home(standin);
  standin.script(
      Json::array({{{"status", 400},
                    {"json", {{"error", {{"message", "Unsupported parameter: 'top_k'."}}}}}}}));
  const Run run = home.run({"complete"}, "+++\ntop_k = 3\n+++\nhi");
  CHECK(run.code == 1);
  CHECK(run.err.find("Drop the setting top_k") != std::string::npos);
}

TEST_CASE("a server's message is shown up to 2 KB", "[provider]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({{{"status", 400}, {"body", std::string(100'000, 'x')}}}));
  const Run run = home.run({"complete", "hi"});
  CHECK(run.code == 1);
  CHECK(run.err.size() > 1000);
  CHECK(run.err.size() < 2500);
}

TEST_CASE("connection failures, unknown hosts and invalid answers have clear messages",
          "[provider]") {
  const Home home;
  std::string port;
  {
    const Standin gone;
    port = gone.port();
  }
  home.configure(configuration("http://127.0.0.1:" + port + "/v1"));
  const Run refused = home.run({"complete", "hi"});
  CHECK(refused.code == 1);
  CHECK(refused.err.find("standin: No connection to http://127.0.0.1:" + port) !=
        std::string::npos);

  home.configure(configuration("http://no-such-host.invalid/v1"));
  const Run unknown = home.run({"complete", "hi"});
  CHECK(unknown.code == 1);
  CHECK(unknown.err.find("no-such-host.invalid") != std::string::npos);

  Standin standin;
  home.configure(configuration(standin.base_url()));
  standin.script(Json::array({{{"framing", "raw"}, {"steps", {{{"close", true}}}}},
                              {{"framing", "raw"}, {"steps", {{{"send", "no HTTP\r\n\r\n"}}}}},
                              {{"status", 200}, {"body", ""}}}));
  for (int i = 0; i < 3; ++i) {
    const Run run = home.run({"complete", "hi"});
    INFO(run.err);
    CHECK(run.code != 0);
    CHECK(run.err.starts_with("chatvim: standin"));
  }
}

}  // namespace chatvim::testing
