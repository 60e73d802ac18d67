// SPDX-License-Identifier: Apache-2.0
// `--attach FILE` sends a file with a question from the command line.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing::attach_test {

namespace {

namespace fs = std::filesystem;

/// Names that a link, a path or a variable could be mistaken in.
const std::vector<std::string> kNames = {
    "plain.txt",  "two words.txt",   "(a) [b].txt", "50%20off.txt",  "a#L2.txt",
    "a#L1",       "cost$HOME.txt",   "~user.txt",   "http:note.txt", "a<b>c.txt",
    "it's \"x\"", "back\\slash.txt", "star*?.txt",  "-dash.txt"};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Run request(const Home& home, std::vector<std::string> arguments, std::string_view input = "") {
  arguments.insert(arguments.begin(), "request");
  return home.run(arguments, input);
}

std::string content_of(const Run& run) {
  INFO(run.err);
  REQUIRE(run.code == 0);
  return Json::parse(run.out)["body"]["messages"].back()["content"].get<std::string>();
}

}  // namespace

TEST_CASE("chatvim --attach sends a file of any name after the prompt", "[attach]") {
  const Standin standin;
  const Home home(standin);
  const Home elsewhere(standin);
  for (const std::string& name : kNames) {
    INFO(name);
    const std::string path = home.file(name, "inside\n");
    const std::string near = content_of(request(home, {"Q", "--attach=" + name}));
    CHECK(near.starts_with("Q\n\n"));
    CHECK(has(near, "\ninside\n"));
    CHECK(has(content_of(request(elsewhere, {"-a", path, "Q"})), "\ninside\n"));
  }
}

TEST_CASE("chatvim --attach may be repeated, and piped text comes last", "[attach]") {
  const Standin standin;
  const Home home(standin);
  home.file("a.txt", "first\n");
  fs::create_directories(home.path("folder"));
  home.file("folder/b.txt", "second\n");
  const std::string content =
      content_of(request(home, {"Q", "-a", "a.txt", "-a", "folder/"}, "piped ![](a.txt)\n"));
  CHECK(content.find("first") < content.find("second"));
  CHECK(content.find("second") < content.find("piped ![](a.txt)"));
  CHECK(has(content_of(request(home, {"```\ncode", "-a", "a.txt"})), "```\ncode\n```\n\n"));
}

TEST_CASE("log embeds attached files relative to the chat's folder", "[attach]") {
  Standin standin;
  const Home home(standin);
  fs::create_directories(home.path("chats"));
  home.file("chats/my notes.txt", "inside\n");
  home.file("other.txt", "elsewhere\n");
  standin.script(Json::array({answer({"a"}), answer({"b"})}));
  const Run run = home.run(
      {"log", "Q", "-f", "chats/chat.md", "-a", "chats/my notes.txt", "-a", "chats/../other.txt"});
  INFO(run.err);
  CHECK(run.code == 0);
  CHECK(home.read("chats/chat.md")
            .starts_with("# === USER ===\n\nQ\n\n![](<my notes.txt>)\n![](" +
                         home.path("other.txt") + ")\n\n# ==="));
  const std::string sent = Json::parse(standin.body(1)).at("messages").at(0).at("content");
  CHECK(has(sent, "inside"));
  CHECK(has(sent, "elsewhere"));
}

TEST_CASE("chatvim --attach of a missing file or without a prompt sends nothing", "[attach]") {
  Standin standin;
  const Home home(standin);
  home.file("a.txt", "x");
  home.file("chat.md", "hi\n");
  for (const std::string command : {"complete", "log", "request"}) {
    INFO(command);
    const Run missing = home.run({command, "Q", "-a", "a.txt", "-a", "nowhere.txt"});
    CHECK(missing.code == 2);
    CHECK(has(missing.err, "there is no file \"nowhere.txt\"; nothing was sent"));
    const Run alone = home.run({command, "-a", "a.txt"}, "text\n");
    CHECK(alone.code == 2);
    CHECK(has(alone.err, "Give a PROMPT with --attach"));
  }
  CHECK(home.run({"complete", "-f", "chat.md", "-a", "a.txt"}).code == 2);
  CHECK(has(home.run({"complete", "Q", "-f", "a.txt"}).err, "--attach FILE"));
  CHECK(standin.requests().empty());
}

TEST_CASE("chatvim --attach does not send what looks like a key", "[attach]") {
  const Standin standin;
  const Home home(standin);
  home.file("id", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n");
  const Run refused = request(home, {"Q", "-a", "id"});
  CHECK(refused.code == 2);
  CHECK(has(refused.err, "a private key"));
}

TEST_CASE("an image link inside a line is sent as text, which is said", "[attach]") {
  const Standin standin;
  const Home home(standin);
  home.file("a.txt", "inside\n");
  const Run inline_link = request(home, {"What is ![](a.txt)?"});
  CHECK(content_of(inline_link) == "What is ![](a.txt)?");
  CHECK(has(inline_link.err, "![](a.txt) is sent as text"));
  CHECK(has(inline_link.err, "--attach FILE"));
  for (const std::string prompt : {"Q\n![](a.txt)", "```\n x ![](a.txt)\n```", "Why ![?"}) {
    CHECK_FALSE(has(request(home, {prompt}).err, "sent as text"));
  }
}

}  // namespace chatvim::testing::attach_test
