// SPDX-License-Identifier: Apache-2.0
// Embeds in the real program, by a dry run: nothing is sent anywhere.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "editor.hpp"
#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing::embeds_test {

namespace {

/// Returns a path in a chat folder below the home folder, which itself does not count as one.
std::string in_work(const Home& home, const std::string& name) {
  std::filesystem::create_directories(home.path("work"));
  return "work/" + name;
}

/// Runs a dry run of a chat with a question and one embed.
Run ask(Home& home, const std::string& target, const std::vector<std::string>& more = {}) {
  home.set("XAI_API_KEY", "sentinel-key-of-xai");
  const std::string chat = in_work(home, "chat.md");
  home.file(chat, "+++\nmodel = \"grok-3\"\n+++\nlook\n\n![](" + target + ")\n");
  std::vector<std::string> arguments{"request", "--file", chat};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return home.run(arguments);
}

std::string content_of(const Run& run) {
  INFO(run.err);
  REQUIRE(run.code == 0);
  return Json::parse(run.out)["body"]["messages"].back()["content"].get<std::string>();
}

void check_refused(const Run& run, const std::string& says) {
  CHECK(run.code == 2);
  CHECK(run.out.empty());
  INFO(run.err);
  CHECK(run.err.find(says) != std::string::npos);
}

}  // namespace

TEST_CASE("a text file is sent as a code block with its name", "[embeds]") {
  Home home;
  home.file(in_work(home, "a.c"), "int a;\nint b;\nint c;\n");
  CHECK(content_of(ask(home, "a.c")) == "look\n\na.c\n```c\nint a;\nint b;\nint c;\n```");
  CHECK(content_of(ask(home, "a.c#L2-L3")) == "look\n\na.c:2-3\n```c\nint b;\nint c;\n```");
}

TEST_CASE("a chat embeds files from elsewhere only if allowed", "[embeds]") {
  Home home;
  home.file("note.txt", "hello\n");
  std::filesystem::create_symlink(home.path("note.txt"), home.path("link.txt"));
  Home elsewhere;
  for (const std::string& target : {home.path("note.txt"), home.path("link.txt")}) {
    check_refused(ask(elsewhere, target), "has to be allowed");
    CHECK(content_of(ask(elsewhere, target, {"--allow", home.path("")})).find("hello") !=
          std::string::npos);
  }
}

TEST_CASE("keys in embedded text stop the request and are not shown", "[embeds]") {
  Home home;
  home.file(in_work(home, "a.txt"), "one\nsentinel-key-of-xai\n");
  const Run run = ask(home, "a.txt");
  check_refused(run, "line 2 of a.txt holds what looks like the key of xai");
  CHECK(run.err.find("sentinel") == std::string::npos);
  home.file(in_work(home, "id"),
            "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n");
  check_refused(ask(home, "id"), "a private key");
  CHECK(content_of(ask(home, "id", {"--allow-secrets"})).find("AAAA") != std::string::npos);
}

TEST_CASE("an embed that fails causes one sentence", "[embeds]") {
  Home home;
  home.file(in_work(home, "latin1.txt"), "caf\xE9\n");
  check_refused(ask(home, "none.txt"), "Line 6: ![](none.txt)");
  check_refused(ask(home, "latin1.txt"), "UTF-8");
  check_refused(ask(home, "http://example.com/a.png"), "![](http://example.com/a.png)");
}

TEST_CASE("embeds in an answer are ignored", "[embeds]") {
  Home home;
  home.set("XAI_API_KEY", "sentinel-key-of-xai");
  home.file("chat.md",
            "+++\nmodel = \"grok-3\"\n+++\nhi\n# === ASSISTANT ===\n![](/etc/passwd)\n"
            "# === USER ===\nthanks\n```\n![](/etc/passwd)\n```\n");
  const Run run = home.run({"request", "--file", "chat.md"});
  REQUIRE(run.code == 0);
  const Json messages = Json::parse(run.out)["body"]["messages"];
  CHECK(messages[1]["content"] == "![](/etc/passwd)");
  CHECK(messages[2]["content"] == "thanks\n```\n![](/etc/passwd)\n```");
}

TEST_CASE("a folder's .chatvim.md is used only with the user's consent", "[embeds]") {
  Home home;
  home.set("XAI_API_KEY", "sentinel-key-of-xai");
  home.file(".chatvim.md", "+++\ntemperature = 0.5\n+++\n# === SYSTEM ===\nbe brief\n");
  home.file("chat.md", "+++\nmodel = \"grok-3\"\n+++\nhi\n");
  const Run without = home.run({"request", "--file", "chat.md"});
  REQUIRE(without.code == 0);
  CHECK(without.err.find(".chatvim.md is not used") != std::string::npos);
  CHECK(without.out.find("be brief") == std::string::npos);
  const Run with = home.run({"request", "--file", "chat.md", "--allow", home.path("")});
  REQUIRE(with.code == 0);
  const Json body = Json::parse(with.out)["body"];
  CHECK(body["messages"][0]["content"] == "be brief");
  CHECK(body["temperature"] == 0.5);
  home.file(".chatvim.md", "+++\nproviders = {}\n+++\n");
  CHECK(home.run({"request", "--file", "chat.md", "--allow", home.path("")}).code == 2);
}

TEST_CASE("a key from a command is searched for in later embeds", "[embeds]") {
  Standin standin;
  Home home;
  home.configure(
      configuration(standin.base_url(), R"(api_key_command = ["echo", "printed-sentinel"])"));
  const std::string note = home.file(in_work(home, "note.txt"), "my printed-sentinel\n");
  standin.script(Json::array({answer({"A"})}));
  Editor editor(home);
  editor.complete(1, "hi");
  CHECK(editor.take_answer(1).ended["outcome"] == "done");
  editor.send("complete", {{"id", 2},
                           {"text", "![](note.txt)"},
                           {"settings", Json::object()},
                           {"file", home.path("work/chat.md")}});
  const Json ended = editor.wait("ended", 2);
  CHECK(ended["code"] == "secret");
  CHECK(ended["secrets"][0]["what"] == "the key of standin");
  CHECK(standin.requests().size() == 1);
}

}  // namespace chatvim::testing::embeds_test
