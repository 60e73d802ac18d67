// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <string>

#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing {

TEST_CASE("a connection timeout names its setting", "[limits]") {
  // TLS needs a reply; this server accepts connections and stays silent.
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

TEST_CASE("a silent server causes an error that names the setting", "[limits]") {
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

TEST_CASE("any byte restarts idle_timeout, and there is no total limit", "[limits]") {
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

TEST_CASE("a stream of nothing but heartbeats times out", "[limits]") {
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

TEST_CASE("a timeout of 0 means no limit", "[limits]") {
  Standin standin;
  const Home home;
  home.configure(configuration(standin.base_url(), "idle_timeout = 0\nconnect_timeout = 0"));
  standin.script(Json::array(
      {{{"steps", {{{"pause_ms", 400}}, {{"deltas", {{"text", {"x"}}}}}, {{"finish", "stop"}}}}}}));
  CHECK(home.run({"complete", "hi"}).out == printed("x"));
}

TEST_CASE("a document of 25 MB arrives complete", "[limits]") {
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
