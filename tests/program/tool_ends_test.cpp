// SPDX-License-Identifier: Apache-2.0
// Answers with calls that end early: by a signal, a kill, a broken stream, a failed request; and
// how they go on.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <filesystem>
#include <string>

#include "editor.hpp"
#include "home.hpp"
#include "standin.hpp"
#include "tool_replies.hpp"

namespace chatvim::testing::tool_ends_test {

namespace {

const std::string kChat = "+++\ntools = [\"demo\"]\n+++\n\nGo.\n";
const std::string kJournal = "state/a.journal";

void configure(const Home& home, const Standin& standin) {
  home.configure(configuration(standin.base_url(), demo_server()));
  CHECK(home.run({"tools", "--start", "demo"}).code == 0);
}

/// A call that never ends; a file tells that it has begun.
Called waiting(const Home& home) {
  return {"c1", "demo__wait", "{\"file\":\"" + home.path("began") + "\"}"};
}

std::string open_block(const Home& home) {
  return "<details><summary>Step 1: demo.wait</summary>\n\n```json c1\n" + waiting(home).arguments +
         "\n```\n\n</details>\n";
}

void decide(Editor& editor, const Json& question, const std::string& decision) {
  editor.send("decide", {{"id", question.at("id")},
                         {"number", question.at("number")},
                         {"decision", decision},
                         {"reason", ""}});
}

/// Runs `complete --write` until the tool has begun, and then sends the signal. Returns the exit
/// code.
int interrupt(const Home& home, int signal) {
  Process process(
      home.command({"complete", "--write", "--allow-tool", "demo.*", "--file", "chat.md"}));
  process.end_input();
  process.wait_until([&] { return home.exists("began") || process.has_ended(); });
  process.signal(signal);
  return process.wait();
}

}  // namespace

TEST_CASE("tools: an interrupt during a call writes that it was cut", "[tools]") {
  for (const int signal : {SIGINT, SIGTERM}) {
    INFO(signal);
    Standin standin;
    const Home home;
    configure(home, standin);
    standin.script(Json::array({calls({waiting(home)}, "Look:")}));
    home.file("chat.md", kChat);
    CHECK(interrupt(home, signal) == 130);
    const std::string text = home.read("chat.md");
    INFO(text);
    CHECK(text.find("Look:\n\n<details>") != std::string::npos);
    CHECK(text.find("```text cut\n") != std::string::npos);
    CHECK(text.find("</details>\n\n# === USER ===") != std::string::npos);
    // The chat goes on from there.
    standin.script(Json::array({answer({"Well."})}));
    CHECK(home.run({"complete", "--write", "--file", "chat.md"}).code == 0);
    CHECK(messages_of(standin.requests().back()).size() == 3);
  }
}

TEST_CASE("tools: after a kill during a call the file has it as an open call", "[tools]") {
  for (const std::string words : {"", "Look:"}) {
    INFO(words);
    Standin standin;
    const Home home;
    configure(home, standin);
    standin.script(Json::array({calls({waiting(home)}, words)}));
    home.file("chat.md", kChat);
    CHECK(interrupt(home, SIGKILL) == 128 + SIGKILL);
    const std::string text = home.read("chat.md");
    INFO(text);
    CHECK(text.starts_with(kChat));
    CHECK(text.find((words.empty() ? "===\n\n" : "Look:\n\n") + open_block(home)) !=
          std::string::npos);
    // It has to be allowed anew.
    const Run run = home.run({"complete", "--write", "--file", "chat.md"});
    CHECK(run.code == 3);
    CHECK(home.read("chat.md") == text);
  }
}

TEST_CASE("tools: a call that was drafted in the file is replaced by its result", "[tools]") {
  Standin standin;
  const Home home;
  configure(home, standin);
  const Called echo = {"c2", "demo__echo", "{\"text\":\"hi\"}"};
  standin.script({calls({echo}, "Look:"), answer({"Done."})});
  home.file("chat.md", "+++\r\ntools = [\"demo\"]\r\n+++\r\n\r\nGo.\r\n");
  const Run run = home.run({"complete", "--write", "--allow-tool", "demo.*", "--file", "chat.md"});
  INFO(run.err);
  CHECK(run.code == 0);
  CHECK(run.out.empty());
  const std::string text = home.read("chat.md");
  INFO(text);
  CHECK(text.find("hi\"}\r\n```\r\n\r\n```text result\r\nhi\r\n```\r\n\r\n</details>\r\n\r\n"
                  "Done.\r\n\r\n# === USER") != std::string::npos);
  CHECK(text.find("demo.echo") == text.rfind("demo.echo"));
}

TEST_CASE("tools: a new chat that log writes has its question before the calls", "[tools]") {
  Standin standin;
  const Home home;
  configure(home, standin);
  standin.script(Json::array({calls({waiting(home)})}));
  Process process(home.command(
      {"log", "--set", "tools=[\"demo\"]", "--allow-tool", "demo.*", "--file", "new.md", "Go."}));
  process.end_input();
  process.wait_until([&] { return home.exists("began") || process.has_ended(); });
  process.signal(SIGKILL);
  process.wait();
  const std::string text = home.read("new.md");
  INFO(text << process.errors());
  CHECK(text.find("Go.\n\n# === ASSISTANT ===\n\n" + open_block(home)) != std::string::npos);
}

TEST_CASE("tools: after a kill during a call the journal has it as an open call", "[tools]") {
  Standin standin;
  const Home home;
  configure(home, standin);
  standin.script(Json::array({calls({waiting(home)}, "Look:")}));
  {
    Editor editor(home);
    editor.send("complete", {{"id", 1},
                             {"text", kChat},
                             {"settings", Json::object()},
                             {"journal", home.path(kJournal)},
                             {"folder", home.path("")},
                             {"asks", true},
                             {"file", home.path("chat.md")}});
    decide(editor, editor.wait("question", 1), "once");
    decide(editor, editor.wait("question", 1), "once");
    editor.process().wait_until([&] {
      editor.sync();
      return home.exists("began") && home.read(kJournal).find("demo.wait") != std::string::npos;
    });
    editor.process().signal(SIGKILL);
    editor.process().wait();
  }
  Editor editor(home);
  editor.send("recover", {{"id", 2}, {"journal", home.path(kJournal)}, {"text", kChat}});
  const Json value = editor.wait("result", 2).at("value");
  std::string text;
  for (const Json& line : value.at("lines")) text += line.get<std::string>() + "\n";
  INFO(text);
  CHECK(text.find("Look:\n\n" + open_block(home)) != std::string::npos);
}

TEST_CASE("tools: a stream that breaks off inside arguments runs nothing", "[tools]") {
  Standin standin;
  const Home home;
  configure(home, standin);
  Json reply = calls({{"c1", "demo__echo", "{\"text\":\"hi\"}"}}, "Look:");
  reply["steps"].erase(reply["steps"].size() - 1);  // the finish
  reply["steps"].erase(reply["steps"].size() - 1);  // the second half of the arguments
  reply["steps"].push_back({{"close", true}});
  standin.script(Json::array({reply}));
  home.file("chat.md", kChat);
  const Run run = home.run({"complete", "--write", "--allow-tool", "demo.*", "--file", "chat.md"});
  CHECK(run.code == 3);
  const std::string text = home.read("chat.md");
  INFO(text);
  CHECK(text.find("```text c1\n{\"text\n```\n\n```text cut\n") != std::string::npos);
  standin.script(Json::array({answer({"Well."})}));
  CHECK(home.run({"complete", "--write", "--file", "chat.md"}).code == 0);
  CHECK(messages_of(standin.requests().back()).back().at("role") == "tool");
}

TEST_CASE("tools: a second request that fails leaves a chat that goes on", "[tools]") {
  Standin standin;
  const Home home;
  configure(home, standin);
  const Json refusal = {{"status", 400}, {"json", {{"error", {{"message", "Not today."}}}}}};
  standin.script({calls({{"c1", "demo__echo", "{\"text\":\"hi\"}"}}), refusal});
  home.file("chat.md", kChat);
  Run run = home.run({"complete", "--write", "--allow-tool", "demo.*", "--file", "chat.md"});
  CHECK(run.code == 1);
  CHECK(run.err.find("Not today.") != std::string::npos);
  CHECK(home.read("chat.md").find("```text result\nhi\n```") != std::string::npos);
  standin.script(Json::array({answer({"Done."})}));
  // The call is not made again: nothing needs to be allowed.
  run = home.run({"complete", "--write", "--file", "chat.md"});
  INFO(run.err);
  CHECK(run.code == 0);
  CHECK(standin.body(3) == standin.body(2));
  CHECK(home.read("chat.md").find("</details>\n\nDone.\n") != std::string::npos);
}

TEST_CASE("tools: a chat resumed by another user on another path sends the same bytes", "[tools]") {
  Standin standin;
  const Home first;
  configure(first, standin);
  const Called echo = {"c1", "demo__echo", "{ \"text\" : \"hi\\n```\\n# === USER ===\" }"};
  const Called again = {"c1", "demo__echo", "{\"text\":\"\"}"};
  standin.script({calls({echo}, "  One. "), calls({again}, "\n\nTwo."), answer({"Done."})});
  first.file("chat.md", kChat);
  Run run = first.run({"complete", "--write", "--allow-tool", "demo.*", "--file", "chat.md"});
  INFO(run.err);
  REQUIRE(run.code == 0);
  const std::string whole = first.read("chat.md");
  // As it was before the last request, and with the last call still open.
  const auto end = whole.rfind("</details>") + std::string("</details>").size();
  const auto result = whole.rfind("```text result");
  const Home second;
  configure(second, standin);
  std::filesystem::create_directories(second.path("other/folder"));
  for (const std::string& text :
       {whole.substr(0, end) + "\n", whole.substr(0, result) + "</details>\n"}) {
    second.file("other/folder/mine.md", text);
    standin.script(Json::array({answer({"Done."})}));
    run = second.run({"complete", "--write", "--allow-tool", "demo.*", "--file",
                      second.path("other/folder/mine.md")});
    INFO(run.err);
    CHECK(run.code == 0);
    CHECK(standin.requests().back().at("body") == standin.requests()[2].at("body"));
    CHECK(second.read("other/folder/mine.md") == whole);
  }
}

TEST_CASE("tools: two answers at once each get the decisions that are theirs", "[tools]") {
  Standin standin;
  const Home home;
  configure(home, standin);
  const auto reply = [](const std::string& model) {
    Json one = calls({{"c" + model, "demo__echo", "{\"text\":\"" + model + "\"}"}});
    Json two = answer({"Done " + model + "."});
    for (Json* each : {&one, &two}) (*each)["match"] = {{"model", model}};
    return std::vector<Json>{one, two};
  };
  const auto a = reply("a");
  const auto b = reply("b");
  standin.script({a[0], b[0], a[1], b[1]});
  Editor editor(home);
  const auto complete = [&](int id, const std::string& model) {
    editor.send("complete", {{"id", id},
                             {"text", "+++\nmodel = \"standin/" + model + "\"\n" + kChat.substr(4)},
                             {"folder", home.path("")},
                             {"asks", true}});
  };
  complete(1, "a");
  complete(2, "b");
  decide(editor, editor.wait("question", 1), "once");  // starts the server
  Json second = editor.wait("question", 2);
  if (second.at("kind") == "start") {
    decide(editor, second, "once");
    second = editor.wait("question", 2);
  }
  const Json first = editor.wait("question", 1);
  CHECK(first.at("arguments") == "{\"text\":\"a\"}");
  CHECK(second.at("arguments") == "{\"text\":\"b\"}");
  decide(editor, second, "refuse");
  decide(editor, first, "once");
  const Answer of_b = editor.take_answer(2);
  const Answer of_a = editor.take_answer(1);
  CHECK(of_a.text.find("```text result\na\n```") != std::string::npos);
  CHECK(of_b.text.find("```text refused") != std::string::npos);
  CHECK(of_a.text.find("Done a.") != std::string::npos);
  CHECK(of_b.text.find("Done b.") != std::string::npos);
}

}  // namespace chatvim::testing::tool_ends_test
