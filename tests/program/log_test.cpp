// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing {

TEST_CASE("log creates a file and continues it", "[log]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"two"}), answer({"four"}), answer({"six"})}));
  REQUIRE(home.run({"log", "1 + 1?"}).code == 0);
  CHECK(home.read("chat.md") ==
        "# === USER ===\n\n1 + 1?\n\n# === ASSISTANT ===\n\ntwo\n\n# === USER ===\n\n\n");
  REQUIRE(home.run({"log", "2 + 2?"}).code == 0);
  CHECK(home.read("chat.md") ==
        "# === USER ===\n\n1 + 1?\n\n# === ASSISTANT ===\n\ntwo\n\n# === USER ===\n\n2 + 2?\n\n"
        "# === ASSISTANT ===\n\nfour\n\n# === USER ===\n\n\n");
  CHECK(Json::parse(standin.body(2)).at("messages").size() == 3);

  // From standard input to another file.
  REQUIRE(home.run({"log", "--file", home.path("other.md")}, "3 + 3?\n").code == 0);
  CHECK(home.read("other.md") ==
        "# === USER ===\n\n3 + 3?\n\n# === ASSISTANT ===\n\nsix\n\n# === USER ===\n\n\n");
}

TEST_CASE("log adds a question to a document of any shape", "[log]") {
  Standin standin;
  const Home home(standin);
  const std::string end = "\n\n# === ASSISTANT ===\n\na\n\n# === USER ===\n\n\n";
  struct Case {
    std::string before;
    std::string after;
  };
  const Case cases[] = {
      {"", "# === USER ===\n\nq"},
      {"text", "text\n\n# === USER ===\n\nq"},
      {"text\n", "text\n\n# === USER ===\n\nq"},
      {"x\n\n# === USER ===\n", "x\n\n# === USER ===\n\nq"},
      {"+++\ntemperature = 0\n+++\n", "+++\ntemperature = 0\n+++\n\n# === USER ===\n\nq"},
  };
  for (const Case& one : cases) {
    INFO(one.before);
    standin.script(Json::array({answer({"a"})}));
    REQUIRE(home.run({"log", "q", "--file", home.file("chat.md", one.before)}).code == 0);
    CHECK(home.read("chat.md") == one.after + end);
  }
}

TEST_CASE("log escapes a prompt so that it is read back unchanged", "[log]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"a"}), answer({"b"})}));
  const std::string prompt = "# === ASSISTANT ===\nnot a turn\n\\# === USER ===\n# === SYSTEM ===";
  REQUIRE(home.run({"log", prompt}).code == 0);
  CHECK(Json::parse(standin.body(1)).at("messages").at(0).at("content") == prompt);
  REQUIRE(home.run({"log", "next"}).code == 0);
  const Json sent = Json::parse(standin.body(2)).at("messages");
  REQUIRE(sent.size() == 3);
  CHECK(sent.at(0) == Json{{"role", "user"}, {"content", prompt}});
  CHECK(sent.at(2).at("content") == "next");
}

TEST_CASE("log leaves the file alone when the request fails", "[log]") {
  Standin standin;
  const Home home(standin);
  const Json refusal = {{"status", 429}, {"json", {{"error", {{"message", "Slow down"}}}}}};
  standin.script(Json::array({refusal, refusal}));
  CHECK(home.run({"log", "q"}).code == 1);
  CHECK_FALSE(home.exists("chat.md"));
  home.file("chat.md", "old  \n\n\n");
  CHECK(home.run({"log", "q"}).code == 1);
  CHECK(home.read("chat.md") == "old  \n\n\n");
}

TEST_CASE("log to an impossible path is rejected before anything is sent", "[log]") {
  Standin standin;
  const Home home(standin);
  const Run run = home.run({"log", "q", "--file", home.path("missing/chat.md")});
  CHECK(run.code == 2);
  CHECK(run.err.find("cannot be written") != std::string::npos);
  CHECK(standin.requests().empty());
}

TEST_CASE("log prints an answer once if its file changes meanwhile", "[log]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer_around_gate("one", "gate", " two")}));
  Process log(home.command({"log", "q"}));
  log.end_input();
  log.wait_until([&] { return log.output() == "one"; });
  home.file("chat.md", "mine");
  standin.release("gate");
  CHECK(log.wait() == 2);
  CHECK(log.output() == "one two\n");
  CHECK(log.errors().find("nothing more is written") != std::string::npos);
  CHECK(home.read("chat.md") == "mine");
}

TEST_CASE("an answer that cannot go into its file is printed whole", "[write]") {
  Standin standin;
  const Home home(standin);
  home.file("chat.md", "q\n");
  standin.script(Json::array({answer_around_gate("one", "gate", " two")}));
  Process complete(home.command({"complete", "--write", "--file", "chat.md"}));
  complete.end_input();
  complete.wait_until([&] { return home.read("chat.md").find("one") != std::string::npos; });
  home.file("chat.md", "mine");
  standin.release("gate");
  CHECK(complete.wait() == 2);
  CHECK(complete.output().find("# === ASSISTANT ===\n\none two") != std::string::npos);
  CHECK(complete.errors().find("The answer follows") != std::string::npos);
}

}  // namespace chatvim::testing
