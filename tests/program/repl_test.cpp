// SPDX-License-Identifier: Apache-2.0
// `chatvim repl` at a terminal and with a pipe.
#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "home.hpp"
#include "standin.hpp"
#include "terminal.hpp"
#include "tool_replies.hpp"

namespace chatvim::testing::repl_test {

namespace {

constexpr const char* kHistory = ".local/state/chatvim/repl-history";
constexpr const char* kPrompt = "> \r";

std::string sent(Standin& standin, int id) {
  return Json::parse(standin.body(id)).at("messages").back().at("content");
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("repl asks at a terminal and keeps the chat in a file", "[repl]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"**two", "**"}), answer({"four"})}));
  Terminal terminal(home.command({"repl", "chat.md"}));
  terminal.wait_for("chat.md, standin/m; .help lists the commands.");
  terminal.wait_for(kPrompt);
  terminal.type("1 + 1?\r");
  terminal.wait_for("\x1B[0;1m**two**\x1B[0m");
  terminal.wait_for(kPrompt);
  terminal.type("2 +\\\r2?\r");
  terminal.wait_for("four");
  terminal.wait_for(kPrompt);
  terminal.type("\x04");
  CHECK(terminal.wait() == 0);
  CHECK(terminal.echoes());
  CHECK(
      home.read("chat.md") ==
      "# === USER ===\n\n1 + 1?\n\n# === ASSISTANT ===\n\n**two**\n\n# === USER ===\n\n2 +\n2?\n\n"
      "# === ASSISTANT ===\n\nfour\n\n# === USER ===\n\n\n");
  CHECK(Json::parse(standin.body(2)).at("messages").size() == 3);
}

TEST_CASE("repl prints only the rest of an answer whose file changes meanwhile", "[repl]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer_around_gate("begun **so", "gate", " far**"), answer({"b"})}));
  Terminal terminal(home.command({"repl", "chat.md"}));
  terminal.wait_for(kPrompt);
  terminal.type("q\r");
  terminal.wait_for("so");
  home.file("chat.md", "mine\n");
  standin.release("gate");
  terminal.wait_for("\r\nchatvim: chat.md has changed meanwhile");
  terminal.wait_for("The rest of the answer is only on standard output.\r\n");
  terminal.wait_for("far");
  terminal.wait_for(kPrompt);
  CHECK(home.read("chat.md") == "mine\n");
  CHECK_FALSE(has(terminal.output(), "==="));
  CHECK(terminal.output().find("begun") == terminal.output().rfind("begun"));
  terminal.type("next\r");
  terminal.wait_for(kPrompt);
  CHECK(home.read("chat.md").starts_with("mine\n"));
}

TEST_CASE("the progress line shows a new phase at once", "[repl]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array(
      {{{"steps", {{{"wait", "gate"}}, {{"deltas", {{"text", {"a"}}}}}, {{"finish", "stop"}}}}}}));
  Terminal terminal(home.command({"repl", "chat.md"}));
  terminal.wait_for(kPrompt);
  terminal.type("q\r");
  terminal.wait_for("standin/m: waiting");
  standin.release("gate");
  terminal.wait_for(kPrompt);
  // Not only with the first redraw, which has the seconds.
  CHECK(has(terminal.output(), "standin/m: waiting\r\x1B[K"));
}

TEST_CASE("the prompt of the repl is drawn again when the terminal is resized", "[repl]") {
  const Standin standin;
  const Home home(standin);
  Terminal terminal(home.command({"repl", "chat.md"}));
  terminal.wait_for(kPrompt);
  terminal.type(std::string(50, 'x'));
  terminal.wait_for(std::string(50, 'x'));
  terminal.resize(30);
  terminal.wait_for("> " + std::string(28, 'x') + "\r");
  terminal.wait_for("\n" + std::string(22, 'x') + "\r");
  terminal.resize(60);
  terminal.wait_for("> " + std::string(50, 'x'));
}

TEST_CASE("repl makes a new file with the first answer", "[repl]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"hello"})}));
  Terminal terminal(home.command({"repl"}));
  terminal.wait_for(kPrompt);
  const auto count = [&] {
    std::size_t chats = 0;
    for (const auto& entry : std::filesystem::directory_iterator(home.path(""))) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with("chat-") && name.ends_with(".md")) ++chats;
    }
    return chats;
  };
  CHECK(count() == 0);
  terminal.type("hi\r");
  terminal.wait_for("hello");
  terminal.wait_for(kPrompt);
  CHECK(count() == 1);
}

TEST_CASE("CTRL-C stops an answer of the repl, which is kept", "[repl]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer_with_gate({"begun"}, "never"), answer({"next"})}));
  Terminal terminal(home.command({"repl", "chat.md"}));
  terminal.wait_for(kPrompt);
  terminal.type("q\r");
  terminal.wait_for("begun");
  CHECK_FALSE(terminal.echoes());
  // CTRL-Z does nothing: it would leave the shell a terminal that does not echo.
  terminal.type("\x1A\x03");
  terminal.wait_for(kPrompt);
  CHECK(home.read("chat.md") ==
        "# === USER ===\n\nq\n\n# === ASSISTANT ===\n\nbegun\n\n# === USER ===\n\n\n");
  // At the prompt it clears the line; typing ahead is kept.
  terminal.type("not this\x03then this\r");
  terminal.wait_for("next");
  terminal.wait_for(kPrompt);
  CHECK(sent(standin, 2) == "then this");
}

TEST_CASE("a signal that ends the repl leaves the terminal as it was", "[repl]") {
  const int number = GENERATE(SIGTERM, SIGHUP, SIGINT, SIGUSR1, SIGABRT, SIGSEGV);
  CAPTURE(number);
  Standin standin;
  const Home home(standin);
  Terminal terminal(home.command({"repl", "chat.md"}));
  terminal.wait_for(kPrompt);
  CHECK_FALSE(terminal.echoes());
  terminal.signal(number);
  CHECK(terminal.wait() == 128 + number);
  CHECK(terminal.echoes());
  CHECK(terminal.output().ends_with("\x1B[?2004l"));
}

TEST_CASE("a paste is one question, and no command", "[repl]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"ok"})}));
  Terminal terminal(home.command({"repl", "chat.md"}));
  terminal.wait_for(kPrompt);
  terminal.type("\x1B[200~one\r.exit\r# === ASSISTANT ===\x1B[201~\r");
  terminal.wait_for("ok");
  CHECK(sent(standin, 1) == "one\n.exit\n# === ASSISTANT ===");
}

TEST_CASE("the history of the repl is private and outlives it", "[repl]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"a1"}), answer({"a2"}), answer({"a3"})}));
  {
    Terminal terminal(home.command({"repl", "chat.md"}));
    terminal.wait_for(kPrompt);
    terminal.type("first\r");
    terminal.wait_for("a1");
    terminal.wait_for(kPrompt);
    terminal.type(" a secret\r");
    terminal.wait_for("a2");
    terminal.wait_for(kPrompt);
    terminal.type(".exit\r");
    CHECK(terminal.wait() == 0);
  }
  CHECK(home.read(kHistory) == "first\n.exit\n");
  struct stat found {};
  REQUIRE(::stat(home.path(kHistory).c_str(), &found) == 0);
  CHECK((found.st_mode & 0777U) == 0600);
  Terminal terminal(home.command({"repl", "chat.md"}));
  terminal.wait_for(kPrompt);
  terminal.type("fi\x1B[A\r");
  terminal.wait_for("a3");
  CHECK(sent(standin, 3) == "first");
}

TEST_CASE("commands of the repl change the model and settings, if they are right", "[repl]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"one"}), answer({"two"})}));
  Terminal terminal(home.command({"repl", "chat.md", "--set", "temperature=0.1"}));
  terminal.wait_for(kPrompt);
  terminal.type(".modle\r");
  terminal.wait_for("did you mean .model?");
  terminal.type(".set temperatur=1\r");
  terminal.wait_for("did you mean temperature?");
  terminal.type(".model nobody/x\r");
  terminal.wait_for("nobody");
  terminal.wait_for(kPrompt);
  terminal.type(".model standin/other\r.set max_tokens=9\r.model\r");
  terminal.wait_for("standin/other\r\n");
  terminal.type("q\r");
  terminal.wait_for("one");
  terminal.wait_for(kPrompt);
  const Json body = Json::parse(standin.body(1));
  CHECK(body.at("model") == "other");
  CHECK(body.at("temperature") == 0.1);
  CHECK(body.dump().find("9") != std::string::npos);
  terminal.type(".retry\r");
  terminal.wait_for("two");
  terminal.wait_for(kPrompt);
  CHECK(home.read("chat.md") ==
        "# === USER ===\n\nq\n\n# === ASSISTANT ===\n\ntwo\n\n# === USER ===\n\n\n");
}

TEST_CASE("the editor of .edit gets a private file, which is removed", "[repl]") {
  Standin standin;
  Home home(standin);
  standin.script(Json::array({answer({"ok"})}));
  const std::string editor = home.file(
      "editor",
      "#!/bin/sh\nls -l \"$2\" > seen; echo \"$2\" >> seen; printf 'a\\n\\nb' > \"$2\"\n");
  std::filesystem::permissions(editor, std::filesystem::perms::owner_all);
  home.set("VISUAL", editor + " --wait");
  Terminal terminal(home.command({"repl", "chat.md"}));
  terminal.wait_for(kPrompt);
  terminal.type(".edit\r");
  terminal.wait_for("ok");
  CHECK(sent(standin, 1) == "a\n\nb");
  const std::string seen = home.read("seen");
  CHECK(seen.starts_with("-rw------- "));
  const std::string path = seen.substr(seen.find('\n') + 1, seen.size() - seen.find('\n') - 2);
  CHECK(path.ends_with(".md"));
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE(".edit loses no text if the editor fails or writes another encoding", "[repl]") {
  struct Case {
    std::string script;
    std::string words;
    bool keeps;
  };
  const Case cases[] = {
      {"exit 1", "The editor ended with code 1, so nothing was sent.\r\n", false},
      {"echo mine > \"$1\"; exit 1", "code 1, so nothing was sent. The text is in ", true},
      {"exit 127", "Set $VISUAL or $EDITOR to an editor that works: ", false},
      {"kill -9 $$", "Set $VISUAL or $EDITOR to an editor that works: ", false},
      {"printf 'mine \\351\\n' > \"$1\"", "Save the text as UTF-8: its byte 6", true},
  };
  for (const Case& one : cases) {
    INFO(one.script);
    Standin standin;
    Home home(standin);
    std::filesystem::create_directories(home.path("tmp"));
    home.set("TMPDIR", home.path("tmp"));
    const std::string editor = home.file("editor", "#!/bin/sh\n" + one.script + "\n");
    std::filesystem::permissions(editor, std::filesystem::perms::owner_all);
    home.set("VISUAL", editor);
    Terminal terminal(home.command({"repl", "chat.md"}));
    terminal.wait_for(kPrompt);
    terminal.type(".edit\r");
    terminal.wait_for(one.words);
    terminal.wait_for(kPrompt);
    std::vector<std::string> kept;
    for (const auto& entry : std::filesystem::directory_iterator(home.path("tmp"))) {
      kept.push_back("tmp/" + entry.path().filename().string());
    }
    REQUIRE(kept.size() == (one.keeps ? 1 : 0));
    if (one.keeps) CHECK(home.read(kept.front()).starts_with("mine"));
    CHECK(standin.requests().empty());
  }
}

TEST_CASE("a failed question of the repl leaves the file as it was", "[repl]") {
  Standin standin;
  const Home home(standin);
  home.file("chat.md", "before\n");
  standin.script(Json::array({{{"status", 401}, {"json", {{"error", {{"message", "no"}}}}}}}));
  Terminal terminal(home.command({"repl", "chat.md"}));
  terminal.wait_for(kPrompt);
  terminal.type("q\r");
  terminal.wait_for("chatvim: ");
  terminal.wait_for(kPrompt);
  CHECK(home.read("chat.md") == "before\n");
  terminal.type("\x04");
  CHECK(terminal.wait() == 0);
}

TEST_CASE("a change of the file between two questions counts", "[repl]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"one"}), answer({"two"})}));
  Terminal terminal(home.command({"repl", "chat.md"}));
  terminal.wait_for(kPrompt);
  terminal.type("q\r");
  terminal.wait_for("one");
  terminal.wait_for(kPrompt);
  home.file("chat.md", "# === SYSTEM ===\n\nBe brief.\n");
  terminal.type("again\r");
  terminal.wait_for("two");
  terminal.wait_for(kPrompt);
  const Json messages = Json::parse(standin.body(2)).at("messages");
  REQUIRE(messages.size() == 2);
  CHECK(messages.at(0).at("content") == "Be brief.");
}

TEST_CASE("repl reads a pipe line by line, and ends with the first failure", "[repl]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"one"}), answer({"two"})}));
  Run run = home.run({"repl", "chat.md"}, "a\n\n\"\"\"b\nc\"\"\"\n.file\n");
  CHECK(run.code == 0);
  CHECK(run.out == "one\n\ntwo\n\nchat.md\n");
  CHECK(run.err.empty());
  CHECK(sent(standin, 1) == "a");
  CHECK(sent(standin, 2) == "b\nc");
  CHECK_FALSE(home.exists(kHistory));

  run = home.run({"repl", "chat.md"}, ".nothing\nnever asked\n");
  CHECK(run.code == 2);
  CHECK(has(run.err, "There is no command .nothing"));
  CHECK(standin.requests().size() == 2);
}

TEST_CASE("repl without line editing asks on a dumb terminal", "[repl]") {
  Standin standin;
  Home home(standin);
  standin.script(Json::array({answer({"*one*"})}));
  home.set("TERM", "dumb");
  Terminal terminal(home.command({"repl", "chat.md"}));
  terminal.wait_for("> ");
  terminal.type("q\n");
  terminal.wait_for("*one*");
  terminal.type("\x04");
  CHECK(terminal.wait() == 0);
  CHECK_FALSE(has(terminal.output(), "\x1B[J"));
}

}  // namespace chatvim::testing::repl_test
