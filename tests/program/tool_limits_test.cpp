// SPDX-License-Identifier: Apache-2.0
// What an answer of several requests costs, and the limits that count all of them.
#include <fmt/format.h>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "home.hpp"
#include "standin.hpp"
#include "tool_replies.hpp"

namespace chatvim::testing::tool_limits_test {

namespace {

/// Dollars per million tokens.
constexpr double kInput = 1000;
constexpr double kOutput = 5000;

/// Adds the usage to a reply of Chat Completions.
Json with_usage(Json reply, int input, int output) {
  reply["steps"].back()["usage"] = false;
  reply["steps"].back()["done"] = false;
  const Json usage = {{"prompt_tokens", input}, {"completion_tokens", output}};
  reply["steps"].push_back({{"event", {{"choices", Json::array()}, {"usage", usage}}}});
  reply["steps"].push_back({{"send", "data: [DONE]\n\n"}});
  return reply;
}

struct Scene {
  Scene() {
    home.configure(configuration(
        standin.base_url(),
        demo_server() + fmt::format("[facts.\"standin/m\"]\nprice = {{ input = {}, output = {} }}",
                                    kInput, kOutput)));
    CHECK(home.run({"tools", "--start", "demo"}).code == 0);
    home.file("chat.md", "+++\ntools = [\"demo\"]\n+++\n\nGo.\n");
  }
  Standin standin;
  Home home;
};

Called echo(const std::string& id) { return {id, "demo__echo", "{\"text\":\"" + id + "\"}"}; }

}  // namespace

TEST_CASE("tools: usage and price are the sums over all requests", "[tools]") {
  Scene scene;
  scene.standin.script({with_usage(calls({echo("a")}), 100, 10),
                        with_usage(calls({echo("b")}), 200, 20),
                        with_usage(answer({"Done."}), 400, 40)});
  const Run run =
      scene.home.run({"complete", "--json", "--allow-tool", "demo.*", "--file", "chat.md"});
  INFO(run.err);
  REQUIRE(run.code == 0);
  const Json object = Json::parse(run.out);
  CHECK(object.at("usage").at("input") == 700);
  CHECK(object.at("usage").at("output") == 70);
  CHECK(object.at("price").get<double>() ==
        Catch::Approx((700 * kInput + 70 * kOutput) / 1'000'000));
}

TEST_CASE("tools: max_cost is reached by what earlier requests cost", "[tools]") {
  Scene scene;
  // The first request may cost a few cents and costs more than a dollar.
  scene.standin.script(
      {with_usage(calls({echo("a")}), 1000, 10), with_usage(answer({"Never."}), 400, 40)});
  const std::vector<std::string> words = {"complete", "--write",    "--allow-tool", "demo.*",
                                          "--set",    "max_cost=1", "--set",        "max_tokens=20",
                                          "--file",   "chat.md"};
  Run run = scene.home.run(words);
  INFO(run.err);
  CHECK(run.code == 3);
  CHECK(run.err.find("The answer has cost $1.05 so far.") != std::string::npos);
  CHECK(scene.standin.requests().size() == 1);
  CHECK(scene.home.read("chat.md").find("```text result\na\n```") != std::string::npos);
  // A new answer counts anew.
  scene.standin.script(Json::array({answer({"Done."})}));
  run = scene.home.run(words);
  INFO(run.err);
  CHECK(run.code == 0);
}

}  // namespace chatvim::testing::tool_limits_test
