// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <string>

#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing {

namespace {

const std::string kEnd = "\n\n# === USER ===\n\n\n";

}  // namespace

TEST_CASE("option --write appends the answer as the editor does", "[write]") {
  Standin standin;
  const Home home(standin);
  struct Case {
    std::string before;
    std::string after;  // up to the reply's end
  };
  const Case cases[] = {
      {"q\n", "q\n\n# === ASSISTANT ===\n\nHello\nworld"},
      {"q", "q\n\n# === ASSISTANT ===\n\nHello\nworld"},
      {"q\n\n\n\n", "q\n\n\n# === ASSISTANT ===\n\nHello\nworld"},
      {"q\n\n# === ASSISTANT ===\n", "q\n\n# === ASSISTANT ===\n\nHello\nworld"},
      {"+++\nassistantDelimiter = \"A\"\n+++\nq\n",
       "+++\nassistantDelimiter = \"A\"\n+++\nq\n\nA\n\nHello\nworld"},
      {"\xEF\xBB\xBFq\n", "\xEF\xBB\xBFq\n\n# === ASSISTANT ===\n\nHello\nworld"},
  };
  for (const Case& one : cases) {
    INFO(one.before);
    standin.script(Json::array({answer({"Hello\nwo", "rld"})}));
    const Run run = home.run({"complete", "--write", "--file", home.file("chat.md", one.before)});
    CHECK(run.code == 0);
    CHECK(run.out.empty());
    CHECK(run.err.empty());
    CHECK(home.read("chat.md") == one.after + kEnd);
  }
}

TEST_CASE("option --write keeps a file's own line endings", "[write]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"Hello\r\nwo", "rld"})}));
  const Run run =
      home.run({"complete", "--write", "--file", home.file("chat.md", "one\r\ntwo\r\n")});
  CHECK(run.code == 0);
  CHECK(home.read("chat.md") ==
        "one\r\ntwo\r\n\r\n# === ASSISTANT ===\r\n\r\nHello\r\nworld\r\n\r\n# === USER "
        "===\r\n\r\n\r\n");
}

TEST_CASE("what was written can be answered again", "[write]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"# === USER ===\nnot a turn\n```"}), answer({"second"})}));
  const std::string path = home.file("chat.md", "first question\n");
  REQUIRE(home.run({"complete", "--write", "--file", path}).code == 0);
  home.file("chat.md", home.read("chat.md") + "and more?\n");
  REQUIRE(home.run({"complete", "--write", "--file", path}).code == 0);
  const Json sent = Json::parse(standin.body(2)).at("messages");
  REQUIRE(sent.size() == 3);
  CHECK(sent.at(0).at("content") == "first question");
  CHECK(sent.at(1).at("content") == "# === USER ===\nnot a turn\n```\n```");
  CHECK(sent.at(2).at("content") == "and more?");
}

TEST_CASE("reasoning is written where it is to be kept", "[write]") {
  Standin standin;
  const Home home(standin);
  const Json thoughtful = {{"steps",
                            {{{"deltas", {{"text", {"because"}}, {"field", "reasoning_content"}}}},
                             {{"deltas", {{"text", {"yes"}}}}},
                             {{"finish", "stop"}}}}};
  standin.script(Json::array({thoughtful, thoughtful}));
  const std::string path = home.file("chat.md", "q\n");
  REQUIRE(home.run({"complete", "--write", "--file", path}).code == 0);
  CHECK(home.read("chat.md") == "q\n\n# === ASSISTANT ===\n\nyes" + kEnd);
  home.file("chat.md", "q\n");
  REQUIRE(home.run({"complete", "--write", "--set", "reasoning=keep", "--file", path}).code == 0);
  CHECK(home.read("chat.md") ==
        "q\n\n# === ASSISTANT "
        "===\n\n<details><summary>Reasoning</summary>\n\nbecause\n\n</details>\n\nyes" +
            kEnd);
}

TEST_CASE("a request that fails leaves the file as it was", "[write]") {
  Standin standin;
  const Home home(standin);
  standin.script(
      Json::array({{{"status", 500}, {"json", {{"error", {{"message", "Out of order"}}}}}},
                   answer({" ", "\n"})}));
  const std::string path = home.file("chat.md", "q  \n\n \n");
  CHECK(home.run({"complete", "--write", "--file", path}).code == 1);
  CHECK(home.read("chat.md") == "q  \n\n \n");
  CHECK(home.run({"complete", "--write", "--file", path}).code == 1);
  CHECK(home.read("chat.md") == "q  \n\n \n");
}

TEST_CASE("an answer that is cut off or interrupted stays in the file, ready for the next turn",
          "[write]") {
  Standin standin;
  const Home home(standin);
  const std::string path = home.file("chat.md", "q\n");
  const std::string expected = "q\n\n# === ASSISTANT ===\n\n```\nso far\n```" + kEnd;
  standin.script(Json::array(
      {{{"steps", {{{"deltas", {{"text", {"```\nso ", "far"}}}}}, {{"close", true}}}}}}));
  CHECK(home.run({"complete", "--write", "--file", path}).code == 3);
  CHECK(home.read("chat.md") == expected);

  home.file("chat.md", "q\n");
  standin.script(Json::array(
      {{{"steps", {{{"deltas", {{"text", {"```\nso ", "far"}}}}}, {{"hang", true}}}}}}));
  Process process(home.command({"complete", "--write", "--file", path}));
  // The file has text as it comes, and ends with a line break all the while.
  process.wait_until(
      [&] { return home.read("chat.md") == "q\n\n# === ASSISTANT ===\n\n```\nso far\n"; });
  process.signal(SIGINT);
  CHECK(process.wait() == 130);
  CHECK(home.read("chat.md") == expected);
}

TEST_CASE("an interrupt before the answer leaves the file as it was", "[write]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({{{"steps", {{{"hang", true}}}}}}));
  const std::string path = home.file("chat.md", "q");
  Process process(home.command({"complete", "--write", "--file", path}));
  standin.requests("wait=1");
  process.signal(SIGINT);
  CHECK(process.wait() == 130);
  CHECK(home.read("chat.md") == "q");
}

TEST_CASE("a file that is changed meanwhile is not written over", "[write]") {
  Standin standin;
  const Home home(standin);
  const std::string path = home.file("chat.md", "q\n");
  standin.script(Json::array({{{"steps",
                                {{{"deltas", {{"text", {"first "}}}}},
                                 {{"wait", "go"}},
                                 {{"deltas", {{"text", {"second"}}}}},
                                 {{"finish", "stop"}}}}}}));
  Process process(home.command({"complete", "--write", "--file", path}));
  process.wait_until([&] { return home.read("chat.md").ends_with("first \n"); });
  home.file("chat.md", "something quite different\n");
  standin.release("go");
  CHECK(process.wait() == 2);
  CHECK(home.read("chat.md") == "something quite different\n");
  CHECK(process.output().find("first second") != std::string::npos);
  CHECK(process.errors().find("has changed") != std::string::npos);
}

TEST_CASE("a change that leaves the file's size as it was loses no byte either", "[write]") {
  Standin standin;
  const Home home(standin);
  const std::string path = home.file("chat.md", "q\n");
  standin.script(Json::array(
      {{{"steps",
         {{{"wait", "go"}}, {{"deltas", {{"text", {"answer"}}}}}, {{"finish", "stop"}}}}}}));
  Process process(home.command({"complete", "--write", "--file", path}));
  standin.requests("waiting=go");
  home.file("chat.md", "qq");
  standin.release("go");
  CHECK(process.wait() == 2);
  CHECK(home.read("chat.md") == "qq");
  CHECK(process.output().find("answer") != std::string::npos);
}

TEST_CASE("option --write needs a file and prints nothing else", "[write]") {
  const Home home;
  CHECK(home.run({"complete", "--write"}, "q").code == 2);
  for (const char* flag : {"--chunk", "--json", "--add-delimiters"}) {
    CHECK(home.run({"complete", "--write", flag, "--file", home.file("chat.md", "q\n")}).code == 2);
    CHECK(home.read("chat.md") == "q\n");
  }
}

}  // namespace chatvim::testing
