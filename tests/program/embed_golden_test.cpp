// SPDX-License-Identifier: Apache-2.0
// Each line of tests/data/requests/embeds-*.txt has a kind of embed and the request body that
// reaches the server. If the variable CHATVIM_REWRITE_REQUESTS is set, this test rewrites the
// files: review every changed line before committing.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "editor.hpp"
#include "home.hpp"
#include "pictures.hpp"
#include "standin.hpp"

namespace chatvim::testing {

namespace {

struct Kind {
  const char* name;
  const char* chat;  // the target of an embed, or a whole chat
};

const std::vector<Kind> kKinds = {
    {"text", "notes.txt"},
    {"part", "src/main.c#L2-L3"},
    {"folder", "src/"},
    {"glob", "src/*.[ch]"},
    {"png", "shots/a.png"},
    {"jpeg", "shots/a.jpg"},
    {"gif", "shots/a.gif"},
    {"webp", "shots/a.webp"},
    {"pdf", "shots/paper.pdf"},
    {"address", "https://pictures.example/a%20b.png?x=1&y=2"},
    {"pictures", "shots/a.[gp]*"},
    {"all",
     "# === SYSTEM ===\nHouse rules:\n\n![](notes.txt)\n# === USER ===\n![](shots/a.gif)\n\n"
     "# === ASSISTANT ===\nA dot. ![](notes.txt)\n\n![](notes.txt)\n# === USER ===\nAnd\n\n"
     "![the file](src/main.c)\nwith ![](notes.txt) and\n![](<shots/a.png> \"a title\")\n"
     "```\n![](notes.txt)\n```\n![](shots/paper.pdf)\n"},
};

std::string chat_of(const Kind& kind) {
  const std::string chat = kind.chat;
  return chat.find('\n') != std::string::npos ? chat
                                              : "Look:\n\n![](" + chat + ")\n\nWhat is it?\n";
}

/// A project with a chat, below a home folder.
class Project {
 public:
  Project() {
    std::filesystem::create_directories(home.path("project/src/deep"));
    std::filesystem::create_directories(home.path("project/shots"));
    const std::map<std::string, std::string> files = {
        {"notes.txt",
         "A \"quoted\" caf\xC3\xA9 \xF0\x9F\x99\x82,\r\n\ta tab and a fence:\n````\nx"},
        {"src/main.c", "#include <stdio.h>\nint main(void) {\n  puts(\"a\\\\b\");\n}\n"},
        {"src/main.h", "\xEF\xBB\xBF// nothing\n"},
        {"src/a.o", std::string("\0\1\2", 3)},
        {"src/.gitignore", "*.log\n"},
        {"src/b.log", "ignored\n"},
        {"src/icon.png", png(1, 1)},
        {"src/deep/empty.txt", ""},
        {"shots/a.png", png(3, 2)},
        {"shots/a.jpg", jpeg()},
        {"shots/a.gif", gif()},
        {"shots/a.webp", webp()},
        {"shots/paper.pdf", pdf()}};
    for (const auto& [name, bytes] : files) home.file("project/" + name, bytes);
  }

  Run run(const std::string& command, const std::string& chat) {
    home.file("project/chat.md", chat);
    return home.run({command, "--file", "project/chat.md"});
  }

  Home home;
};

/// The expected bodies, by the name of the kind.
class Goldens {
 public:
  explicit Goldens(const std::string& api)
      : path_(CHATVIM_TEST_DATA "/requests/embeds-" + api + ".txt"),
        rewrites_(std::getenv("CHATVIM_REWRITE_REQUESTS") != nullptr) {
    std::ifstream file(path_, std::ios::binary);
    for (std::string name; std::getline(file, name, ' ');) std::getline(file, bodies_[name]);
  }
  ~Goldens() {
    if (!rewrites_) return;
    std::ofstream file(path_, std::ios::binary);
    for (const Kind& kind : kKinds) file << kind.name << ' ' << bodies_[kind.name] << '\n';
  }
  Goldens(const Goldens&) = delete;
  Goldens& operator=(const Goldens&) = delete;

  void check(const std::string& name, const std::string& body) {
    if (rewrites_) bodies_[name] = body;
    CHECK(body == bodies_[name]);
  }

 private:
  std::string path_;
  bool rewrites_;
  std::map<std::string, std::string> bodies_;
};

/// Replaces each picture and PDF with its description in a dry run.
std::string described(std::string body) {
  const std::map<std::string, std::string> media = {{"image/png", png(3, 2)},
                                                    {"image/jpeg", jpeg()},
                                                    {"image/gif", gif()},
                                                    {"image/webp", webp()},
                                                    {"application/pdf", pdf()}};
  const auto replace = [&body](const std::string& old, const std::string& by) {
    for (std::size_t at = body.find(old); at != std::string::npos; at = body.find(old)) {
      body.replace(at, old.size(), by);
    }
  };
  for (const auto& [type, bytes] : media) {
    const std::string data = encode_base64(bytes);
    replace("base64," + data, fmt::format("base64,<{} bytes>", bytes.size()));
    replace("\"" + data + "\"", fmt::format("\"<{}, {} bytes>\"", type, bytes.size()));
  }
  return body;
}

void check_format(const std::string& api) {
  Standin standin;
  Project project;
  // Fixed facts, so that the body does not change with the catalogue.
  project.home.configure(configuration(
      standin.base_url(),
      "documents = true\napi = \"" + api + "\"\n[facts.\"standin/m\"]\nmax_output = 4096"));
  standin.script(Json::array(
      {{{"repeat", true}, {"status", 400}, {"json", {{"error", {{"message", "seen"}}}}}}}));
  Goldens goldens(api);
  int count = 0;
  for (const Kind& kind : kKinds) {
    INFO(api << " " << kind.name);
    const Run sent = project.run("complete", chat_of(kind));
    INFO(sent.err);
    CHECK(sent.err.find("seen") != std::string::npos);
    REQUIRE(standin.requests().size() == static_cast<std::size_t>(++count));
    const std::string body = standin.body(count);
    goldens.check(kind.name, body);
    const Run shown = project.run("request", chat_of(kind));
    REQUIRE(shown.code == 0);
    CHECK(Json::parse(shown.out)["body"] == Json::parse(described(body)));
  }
  Editor editor(project.home);
  editor.send("complete", {{"id", 1},
                           {"text", chat_of(kKinds.back())},
                           {"settings", Json::object()},
                           {"file", project.home.path("project/chat.md")}});
  CHECK(editor.wait("ended", 1).at("outcome") == "error");
  goldens.check("all", standin.body(count + 1));
}

}  // namespace

TEST_CASE("each kind of embed reaches a Chat Completions server unchanged", "[embeds]") {
  check_format("chat");
}

TEST_CASE("each kind of embed reaches a Responses server unchanged", "[embeds]") {
  check_format("responses");
}

TEST_CASE("each kind of embed reaches a Messages server unchanged", "[embeds]") {
  check_format("messages");
}

}  // namespace chatvim::testing
