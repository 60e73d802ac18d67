// SPDX-License-Identifier: Apache-2.0
// Answers of several requests: the model calls tools, and their results go back to it.
#include <fmt/format.h>
#include <sys/wait.h>

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "editor.hpp"
#include "home.hpp"
#include "standin.hpp"
#include "tool_replies.hpp"

namespace chatvim::testing::tool_loop_test {

namespace {

const std::string kFront = "+++\ntools = [\"files\"]\n+++\n\n";

const std::string kQuestion = kFront + "What is in it?\n";

std::string call_block(int step, const std::string& id, const std::string& path,
                       const std::string& result, const std::string& outcome = "result") {
  std::string block = fmt::format(
      "<details><summary>Step {}: files.read</summary>\n\n```json {}\n{{\"path\":\"{}\"}}\n```\n\n",
      step, id, path);
  if (!outcome.empty()) block += fmt::format("```text {}\n{}\n```\n\n", outcome, result);
  return block + "</details>";
}

Called read(const std::string& id, const std::string& path) {
  return {id, "files__read", "{\"path\":\"" + path + "\"}"};
}

/// The part of a text from the first line of this message on.
std::string from(const std::string& text, const std::string& start) {
  const auto at = text.find(start);
  return at == std::string::npos ? "nothing: " + text : text.substr(at);
}

}  // namespace

TEST_CASE("a call is run and its result goes back", "[tools]") {
  Standin standin;
  Home home(standin);
  std::filesystem::create_directories(home.path("p"));
  home.file("p/a.txt", "alpha\n");
  standin.script({calls({read("call_a", "a.txt")}, "I'll look."), answer({"It says ", "alpha."})});
  const std::string chat = home.file("p/chat.md", kQuestion);
  const Run run = home.run({"complete", "--write", "--file", chat});
  INFO(run.err);
  CHECK(run.code == 0);
  const Json requests = standin.requests();
  REQUIRE(requests.size() == 2);
  const Json first = Json::parse(requests[0].at("body").get<std::string>());
  CHECK(first.at("tools").at(0).at("function").at("name") == "files__read");
  const Json messages = messages_of(requests[1]);
  REQUIRE(messages.size() == 3);
  CHECK(messages[1].at("content") == "I'll look.");
  const Json& called = messages[1].at("tool_calls").at(0);
  CHECK(called.at("id") == "call_a");
  CHECK(called.at("function").at("arguments") == R"({"path":"a.txt"})");
  CHECK(messages[2].at("role") == "tool");
  CHECK(messages[2].at("tool_call_id") == "call_a");
  CHECK(messages[2].at("content").get<std::string>().find("alpha") != std::string::npos);
  const std::string text = from(home.read("p/chat.md"), "# === ASSISTANT ===");
  const std::string result = messages[2].at("content");
  CHECK(text == "# === ASSISTANT ===\n\nI'll look.\n\n" + call_block(1, "call_a", "a.txt", result) +
                    "\n\nIt says alpha.\n\n# === USER ===\n\n\n");
}

TEST_CASE("the results of a step go back together, in the order of the calls", "[tools]") {
  Standin standin;
  Home home(standin);
  std::filesystem::create_directories(home.path("p"));
  home.file("p/a.txt", "alpha\n");
  home.file("p/b.txt", "beta\n");
  standin.script({calls({read("c1", "a.txt"), read("c2", "missing.txt"), read("c3", "b.txt")}),
                  answer({"Done."})});
  const std::string chat = home.file("p/chat.md", kQuestion);
  CHECK(home.run({"complete", "--write", "--file", chat}).code == 0);
  const Json messages = messages_of(standin.requests()[1]);
  REQUIRE(messages.size() == 5);
  CHECK(messages[1].at("tool_calls").size() == 3);
  CHECK(messages[2].at("tool_call_id") == "c1");
  CHECK(messages[3].at("tool_call_id") == "c2");
  CHECK(messages[4].at("content").get<std::string>().find("beta") != std::string::npos);
  const std::string text = home.read("p/chat.md");
  CHECK(text.find("```text error\n") != std::string::npos);
  CHECK(text.find("c1") < text.find("c2"));
  CHECK(text.find("c2") < text.find("c3"));
}

TEST_CASE("a chat that is opened again sends the same bytes", "[tools]") {
  Standin standin;
  Home home(standin);
  std::filesystem::create_directories(home.path("p"));
  home.file("p/a.txt", "alpha   \n\n```\nfence\n# === USER ===\n");
  const std::string text = "Text with a fence:\n\n```c\nint x;";
  standin.script({calls({read("c1", "a.txt")}, text), calls({read("c2", "a.txt")}, "  And again "),
                  answer({"Done."})});
  const std::string chat = home.file("p/chat.md", kQuestion);
  CHECK(home.run({"complete", "--write", "--file", chat}).code == 0);
  const std::string third = standin.body(3);
  // The file as it was when the second step had its result.
  std::string whole = home.read("p/chat.md");
  const auto end = whole.rfind("</details>") + std::string("</details>").size();
  const std::string cut = home.file("p/cut.md", whole.substr(0, end) + "\n\n# === USER ===\n\n");
  standin.script(Json::array({answer({"Done."})}));
  CHECK(home.run({"complete", "--write", "--file", cut}).code == 0);
  CHECK(standin.body(4) == third);
  CHECK(home.read("p/cut.md") == whole);
}

TEST_CASE("an open call at the end of a chat is run first", "[tools]") {
  Standin standin;
  Home home(standin);
  std::filesystem::create_directories(home.path("p"));
  home.file("p/a.txt", "alpha\n");
  home.file("p/b.txt", "beta\n");
  const std::string done = call_block(1, "c1", "a.txt", "alpha as it was");
  const std::string open = call_block(1, "c2", "b.txt", "", "");
  standin.script(Json::array({answer({"Both."})}));
  const std::string chat = home.file("p/chat.md", kQuestion + "\n# === ASSISTANT ===\n\n" + done +
                                                      "\n\n" + open + "\n\n# === USER ===\n\n");
  const Run run = home.run({"complete", "--write", "--file", chat});
  INFO(run.err);
  CHECK(run.code == 0);
  const Json messages = messages_of(standin.requests()[0]);
  REQUIRE(messages.size() == 4);
  CHECK(messages[2].at("content").get<std::string>().find("as it was") != std::string::npos);
  INFO(messages.dump());
  CHECK(messages[3].at("content").get<std::string>().find("beta") != std::string::npos);
  const std::string text = home.read("p/chat.md");
  INFO(text);
  CHECK(text.find("Both.\n\n# === USER ===\n\n") != std::string::npos);
  CHECK(text.find("# === USER ===", text.find("# === USER ===") + 1) == std::string::npos);
}

TEST_CASE("a call that was cut does not run", "[tools]") {
  for (const std::string finish : {"length", "content_filter", "tool_calls"}) {
    Standin standin;
    Home home(standin);
    std::filesystem::create_directories(home.path("p"));
    home.file("p/a.txt", "alpha\n");
    // The arguments parse, except where the server says that all is well.
    const bool parses = finish != "tool_calls";
    Called call = read("c1", "a.txt");
    if (!parses) call.arguments.pop_back();
    standin.script(Json::array({calls({call}, "Look:", finish)}));
    const std::string chat = home.file("p/chat.md", kQuestion);
    const Run run = home.run({"complete", "--write", "--file", chat});
    INFO(finish << ": " << run.err);
    if (parses) {
      CHECK(run.code == 3);
      CHECK(standin.requests().size() == 1);
    }
    const std::string text = home.read("p/chat.md");
    CHECK(text.find("alpha") == std::string::npos);
    CHECK(text.find(parses ? "```json c1" : "```text c1") != std::string::npos);
    CHECK(text.find("```text cut") != std::string::npos);
  }
}

TEST_CASE("an answer takes no more requests than max_steps", "[tools]") {
  Standin standin;
  Home home(standin);
  std::filesystem::create_directories(home.path("p"));
  for (int i = 0; i < 9; ++i) home.file(fmt::format("p/{}.txt", i), "x\n");
  Json replies = Json::array();
  for (int i = 0; i < 9; ++i) {
    replies.push_back(calls({read(fmt::format("c{}", i), fmt::format("{}.txt", i))}));
  }
  standin.script(replies);
  const std::string chat = home.file("p/chat.md", kQuestion);
  const Run run = home.run({"complete", "--write", "--set", "max_steps=3", "--file", chat});
  CHECK(run.code == 3);
  CHECK(run.err.find("Complete the chat again to go on") != std::string::npos);
  CHECK(standin.requests().size() == 3);
  // The third step has run; the next time the chat goes on behind it.
  CHECK(home.read("p/chat.md").find("Step 3: files.read") != std::string::npos);
  home.run({"complete", "--write", "--set", "max_steps=1", "--file", chat});
  CHECK(standin.requests().size() == 4);
  CHECK(home.read("p/chat.md").find("Step 4: files.read") != std::string::npos);
}

TEST_CASE("three equal calls in a row end an answer", "[tools]") {
  Standin standin;
  Home home(standin);
  std::filesystem::create_directories(home.path("p"));
  home.file("p/a.txt", "alpha\n");
  Json replies = Json::array();
  for (int i = 0; i < 10; ++i) replies.push_back(calls({read("same", "a.txt")}));
  standin.script(replies);
  const std::string chat = home.file("p/chat.md", kQuestion);
  const Run run = home.run({"complete", "--write", "--file", chat});
  CHECK(run.code == 3);
  CHECK(run.err.find("the same call three times in a row") != std::string::npos);
  CHECK(standin.requests().size() == 3);
}

TEST_CASE("text before and after calls is printed as paragraphs", "[tools]") {
  Standin standin;
  Home home(standin);
  std::filesystem::create_directories(home.path("p"));
  home.file("p/a.txt", "alpha\n");
  const Json script = {calls({read("c1", "a.txt")}, "One."), answer({"\n\nTwo."})};
  standin.script(script);
  home.file("p/chat.md", kQuestion);
  const Run plain = home.run({"complete", "--file", "p/chat.md"});
  CHECK(plain.out == printed("One.\n\nTwo."));
  standin.script(script);
  const Run json = home.run({"complete", "--json", "--file", "p/chat.md"});
  const Json object = Json::parse(json.out);
  CHECK(object.at("text") == "One.\n\nTwo.");
  REQUIRE(object.at("calls").size() == 1);
  CHECK(object.at("calls")[0].at("tool") == "files.read");
  CHECK(object.at("calls")[0].at("outcome") == "result");
}

}  // namespace chatvim::testing::tool_loop_test
