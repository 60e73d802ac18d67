// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <string>

#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing {

TEST_CASE("a connection that is not made in time is told with the setting", "[limits]") {
  // TLS needs an answer; this server takes connections and says nothing.
  Standin standin;
  standin.script({{"replies", Json::array()}, {"greeting", "hang"}});
  const Home home;
  home.configure(
      configuration("https://127.0.0.1:" + standin.port() + "/v1", "connect_timeout = 0.3"));
  const Run run = home.run({"complete", "hi"});
  CHECK(run.code == 1);
  CHECK(run.err.find("connect_timeout") != std::string::npos);
  CHECK(run.err.find("0.3 seconds") != std::string::npos);
}

TEST_CASE("a server that falls silent is told with the setting", "[limits]") {
  Standin standin;
  const Home home;
  home.configure(configuration(standin.base_url(), "idle_timeout = 0.3"));
  standin.script(
      Json::array({{{"steps", {{{"hang", true}}}}},
                   {{"steps", {{{"head", true}}, {{"hang", true}}}}},
                   {{"steps", {{{"deltas", {{"text", {"so far"}}}}}, {{"hang", true}}}}}}));
  for (const std::string text : {"", "", "so far"}) {
    const Run run = home.run({"complete", "hi"});
    CHECK(run.code == 1);
    CHECK(run.out == printed(text));
    CHECK(run.err.find("idle_timeout") != std::string::npos);
    CHECK(run.err.find("0.3 seconds") != std::string::npos);
  }
  CHECK(standin.requests("closed=3").size() == 3);
}

TEST_CASE("any byte counts against silence, and there is no limit in all", "[limits]") {
  Standin standin;
  const Home home;
  home.configure(configuration(standin.base_url(), "idle_timeout = 0.6"));
  Json steps = Json::array();
  for (int i = 0; i < 8; ++i) {
    steps.push_back({{"send", ": still here\n\n"}});
    steps.push_back({{"pause_ms", 150}});
  }
  steps.push_back({{"deltas", {{"text", {"at last"}}}}});
  steps.push_back({{"finish", "stop"}});
  standin.script(Json::array({{{"steps", steps}}}));
  const Run run = home.run({"complete", "hi"});
  CHECK(run.code == 0);
  CHECK(run.out == printed("at last"));
}

TEST_CASE("a stream that keeps the connection alive and says nothing has a limit", "[limits]") {
  Standin standin;
  const Home home;
  const Json heartbeats = {{"send", ": ping\n\n"}, {"times", 100}, {"piece", 16}, {"gap_ms", 50}};
  for (const std::string api : {"chat", "responses", "messages"}) {
    home.configure(configuration(standin.base_url(), "text_timeout = 0.5\napi = \"" + api + "\""));
    standin.script(Json::array({{{"steps", {heartbeats}}}}));
    const Run run = home.run({"complete", "hi"});
    CHECK(run.code == 1);
    CHECK(run.err.find("neither text nor reasoning for 0.5 seconds (text_timeout)") !=
          std::string::npos);
  }
}

TEST_CASE("a limit of 0 is none", "[limits]") {
  Standin standin;
  const Home home;
  home.configure(configuration(standin.base_url(), "idle_timeout = 0\nconnect_timeout = 0"));
  standin.script(Json::array(
      {{{"steps", {{{"pause_ms", 400}}, {{"deltas", {{"text", {"x"}}}}}, {{"finish", "stop"}}}}}}));
  CHECK(home.run({"complete", "hi"}).out == printed("x"));
}

TEST_CASE("a document of 25 MB arrives whole", "[limits]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"long"})}));
  std::string document;
  const std::string line =
      "A line with \"quotes\", a \\ and \xC3\xA9\xF0\x9F\x99\x82, to be escaped and counted.\n";
  while (document.size() < 25'000'000) document += line;
  const std::string path = home.file("chat.md", document);
  const Run run = home.run({"complete", "--file", path});
  CHECK(run.code == 0);
  CHECK(run.out == printed("long"));
  const Json body = Json::parse(standin.body(1));
  document.pop_back();
  CHECK((body.at("messages").at(0).at("content") == document));
}

}  // namespace chatvim::testing
