// SPDX-License-Identifier: Apache-2.0
// Calls of tools in `chatvim repl`: who is asked, and what counts as a yes.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "home.hpp"
#include "standin.hpp"
#include "terminal.hpp"
#include "tool_replies.hpp"

namespace chatvim::testing::repl_consent_test {

namespace {

constexpr const char* kPrompt = "> \r";

void configure(const Home& home, const Standin& standin) {
  std::string text = configuration(standin.base_url());
  text.insert(text.rfind("+++"),
              fmt::format("[tools.demo]\ncommand = [\"{}\"]\n", CHATVIM_MCP_STANDIN));
  home.configure(text);
  home.file("chat.md", "+++\ntools = [\"demo\"]\n+++\n");
}

Called echo(const std::string& id) { return {id, "demo__echo", "{\"text\":\"said\"}"}; }

}  // namespace

TEST_CASE("repl asks before it starts a server and calls a tool", "[repl]") {
  Standin standin;
  const Home home;
  configure(home, standin);
  standin.script(Json::array({calls({echo("c1")}), answer({"done"})}));
  Terminal terminal(home.command({"repl", "chat.md"}));
  terminal.wait_for(kPrompt);
  terminal.type("Go.\r");
  terminal.wait_for("has to be allowed before it is started.");
  terminal.wait_for(CHATVIM_MCP_STANDIN);
  terminal.wait_for("Allow it?");
  terminal.type("y\r");  // no word of those that are offered
  // What is typed before the question is asked again does not count.
  terminal.wait_for("\x1B[?2004h");
  terminal.wait_for("Allow it?");
  terminal.type("once\r");
  terminal.wait_for("has to be allowed.");
  terminal.wait_for("{\"text\":\"said\"}");
  terminal.wait_for("Allow it?");
  terminal.type("once\r");
  terminal.wait_for("<details><summary>Step 1: demo.echo</summary>");
  terminal.wait_for("done");
  terminal.wait_for(kPrompt);
  CHECK(home.read("chat.md").find("```text result") != std::string::npos);
}

TEST_CASE("CTRL-C at a question of the repl stops the answer and allows nothing", "[repl]") {
  Standin standin;
  const Home home;
  configure(home, standin);
  standin.script(Json::array({calls({echo("c1")})}));
  Terminal terminal(home.command({"repl", "chat.md"}));
  terminal.wait_for(kPrompt);
  terminal.type("Go.\r");
  terminal.wait_for("is started.");
  terminal.wait_for("Allow it?");
  terminal.type("once\r");
  terminal.wait_for("The call of demo.echo has to be allowed.");
  terminal.wait_for("Allow it?");
  terminal.type("\x03");
  terminal.wait_for(kPrompt);
  CHECK(standin.requests().size() == 1);
  CHECK(home.read("chat.md").find("Step 1: demo.echo") != std::string::npos);
  CHECK(home.read("chat.md").find("```text") == std::string::npos);
}

TEST_CASE("repl with a pipe asks nobody", "[repl]") {
  Standin standin;
  const Home home;
  configure(home, standin);
  standin.script(Json::array({calls({echo("c1")})}));
  // What follows in the pipe is no answer to a question.
  const Run run = home.run({"repl", "chat.md"}, "Go.\nonce\n");
  CHECK(run.code == 3);
  CHECK(run.err.find("--allow-tool") != std::string::npos);
  CHECK(standin.requests().empty());
}

}  // namespace chatvim::testing::repl_consent_test
