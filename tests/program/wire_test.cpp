// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <string>
#include <vector>

#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing {

namespace {

/// A recorded response and what a user must see of it.
struct WireCase {
  std::string name;
  std::string api;
  Json reply;
  std::string text;
  std::string reasoning;
  std::string error;  ///< the server's own words; empty when the answer is whole
  std::string error_kind;
  std::string warning;  ///< what is told of a whole answer
  bool calls_tools = false;
  bool cut_short = false;  ///< whole, but with a reason that the user is told
};

Json reply_of(const Json& one) {
  Json steps = Json::array();
  for (const Json& piece : one.at("chunks_b64")) steps.push_back({{"send_b64", piece}});
  Json headers = one.at("headers");
  // Temporary failures are retried: soon, if the case sets no delay.
  if (headers.is_object() && !headers.contains("retry-after")) headers["retry-after-ms"] = 1;
  return {{"repeat", true}, {"status", one.at("status")}, {"headers", headers}, {"steps", steps}};
}

/// Whether a finish reason marks a complete answer, in the server's own spelling.
bool is_plain_finish(const std::string& reason) {
  for (const char* plain : {"stop", "end_turn", "STOP", "eos_token", "END_TURN", "COMPLETE"}) {
    if (reason == plain) return true;
  }
  return false;
}

std::vector<WireCase> wire_cases(const std::string& name) {
  std::ifstream file(CHATVIM_TEST_DATA "/" + name + ".json");
  std::vector<WireCase> cases;
  for (const Json& one : Json::parse(file)) {
    const std::string style = one.at("style");
    if (style != "chat" && style != "responses" && style != "messages") continue;
    WireCase wire;
    wire.api = style;
    wire.name = fmt::format("{}: {}", one.at("n").get<int>(), one.at("title").get<std::string>());
    wire.reply = reply_of(one);
    for (const Json& event : one.at("expect")) {
      const std::string kind = event.at(0);
      if (kind == "text" || kind == "refusal") wire.text += event.at(1).get<std::string>();
      if (kind == "reasoning") wire.reasoning += event.at(1).get<std::string>();
      if (kind == "tool") wire.calls_tools = true;
      if (kind == "finish") {
        wire.cut_short = wire.cut_short || !is_plain_finish(event.at(1));
      }
      if (kind == "warning") {
        wire.cut_short = true;
        wire.warning = event.at(2);
      }
      if (kind != "error") continue;
      wire.error = event.at(1).at("message");
      wire.error_kind = event.at(1).at("kind");
    }
    cases.push_back(std::move(wire));
  }
  return cases;
}

int exit_code(const WireCase& wire) {
  if (wire.error_kind == "truncated") return 3;
  if (wire.cut_short && wire.error.empty() && !wire.text.empty()) return 3;
  // An answer with only tool calls counts as empty.
  return wire.error.empty() && !wire.calls_tools ? 0 : 1;
}

}  // namespace

TEST_CASE("each recorded response ends correctly on the command line", "[wire]") {
  Standin standin;
  const Home home;
  auto cases = wire_cases("wire-cases");
  REQUIRE(cases.size() > 20);
  const auto wild = wire_cases("wild-cases");
  REQUIRE(wild.size() >= 40);
  cases.insert(cases.end(), wild.begin(), wild.end());
  for (const WireCase& wire : cases) {
    INFO(wire.name);
    home.configure(configuration(standin.base_url(), "api = \"" + wire.api + "\""));
    standin.script(Json::array({wire.reply}));

    const Run plain = home.run({"complete", "hi"});
    CHECK(plain.code == exit_code(wire));
    CHECK(plain.out == printed(wire.text));
    CHECK(plain.err.empty() == (exit_code(wire) == 0));
    CHECK(plain.err.find(wire.error) != std::string::npos);
    CHECK(plain.err.find(wire.warning) != std::string::npos);

    const Run json = home.run({"complete", "--json", "hi"});
    CHECK(json.code == plain.code);
    const Json object = Json::parse(json.out);
    CHECK(object.at("text") == wire.text);
    CHECK(object.at("reasoning") == wire.reasoning);
    const bool done = exit_code(wire) == 0 || (exit_code(wire) == 3 && wire.error.empty());
    CHECK(object.at("outcome") == (done ? "done" : "error"));
    if (!wire.error.empty()) CHECK(object.at("code") == wire.error_kind);
  }
}

}  // namespace chatvim::testing
