// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing {

namespace {

/// Expects a single line on standard error, exit code 2, and nothing on standard output.
void check_refused(const Run& run, const std::string& words) {
  CHECK(run.code == 2);
  CHECK(run.out.empty());
  CHECK(run.err.starts_with("chatvim: "));
  CHECK(std::count(run.err.begin(), run.err.end(), '\n') == 1);
  CHECK(run.err.find(words) != std::string::npos);
}

const std::string kNul = std::string("text\n\0more\n", 11);

}  // namespace

TEST_CASE("a file that is not a chat causes one error, and nothing is sent or changed",
          "[bad input]") {
  Standin standin;
  const Home home(standin);
  struct Case {
    std::string bytes;
    std::string words;
  };
  const Case cases[] = {
      {kNul, "Line 2 holds a NUL byte"},
      {"one\ntw\xFFo\n", "Line 2, byte 3 is not UTF-8"},
      {"", "nothing to send"},
      {"\n \n\t\n", "nothing to send"},
      {"q\n# === ASSISTANT ===\na\n", "# === USER ==="},
      {"# === SYSTEM ===\ns\n", "# === USER ==="},
      {"+++\nmodel = \"nobody-has-this\"\n+++\nhi\n", "nobody-has-this"},
  };
  for (const Case& one : cases) {
    INFO(one.words);
    const std::string path = home.file("chat.md", one.bytes);
    check_refused(home.run({"complete", "--file", path}), one.words);
    check_refused(home.run({"complete", "--write", "--file", path}), one.words);
    check_refused(home.run({"complete"}, one.bytes), one.words);
    check_refused(home.run({"request", "--file", path}), one.words);
    CHECK(home.read("chat.md") == one.bytes);
  }
  CHECK(standin.records().at("connections").empty());
}

TEST_CASE("a binary file is not logged into", "[bad input]") {
  Standin standin;
  const Home home(standin);
  const std::string path = home.file("chat.md", kNul);
  check_refused(home.run({"log", "q", "--file", path}), "NUL");
  CHECK(home.read("chat.md") == kNul);
  CHECK(standin.requests().empty());
}

TEST_CASE("a directory, a missing file and an unreadable file have different errors",
          "[bad input]") {
  Standin standin;
  const Home home(standin);
  std::filesystem::create_directory(home.path("folder"));
  check_refused(home.run({"complete", "--file", home.path("folder")}), "is a directory");
  check_refused(home.run({"complete", "--write", "--file", home.path("folder")}), "is a directory");
  check_refused(home.run({"log", "q", "--file", home.path("folder")}), "is a directory");
  check_refused(home.run({"complete", "--file", home.path("none.md")}), "no such file");
  check_refused(home.run({"complete", "--file", "/dev/null"}), "not a regular file");
  CHECK(standin.requests().empty());
}

TEST_CASE("a file without read permission is reported", "[bad input]") {
  if (::geteuid() == 0) SKIP("root reads every file");
  Standin standin;
  const Home home(standin);
  const std::string path = home.file("chat.md", "hi\n");
  std::filesystem::permissions(path, std::filesystem::perms::none);
  check_refused(home.run({"complete", "--file", path}), "Permission denied");
  CHECK(standin.requests().empty());
}

TEST_CASE("a file that fails while it is read is named", "[bad input]") {
  // The first page of this file is not mapped, so reading it fails with an input/output error.
  constexpr const char* kFile = "/proc/self/mem";
  if (!std::filesystem::exists(kFile)) SKIP("there is no /proc");
  const Home home;
  for (const std::string command : {"complete", "messages", "request"}) {
    const Run run = home.run({command, "--file", kFile});
    CHECK(run.code == 2);
    CHECK(run.err.find("/proc/self/mem cannot be read: Input/output error") != std::string::npos);
  }
}

TEST_CASE("an answer that cannot be written goes to standard output", "[bad input]") {
  if (::geteuid() == 0) SKIP("root writes every file");
  Standin standin;
  const Home home(standin);
  const std::string path = home.file("chat.md", "hi\n");
  std::filesystem::permissions(path, std::filesystem::perms::owner_read);
  standin.script(Json::array({answer({"precious"})}));
  const Run run = home.run({"complete", "--write", "--file", path});
  CHECK(run.code == 2);
  CHECK(run.out.find("precious") != std::string::npos);
  CHECK(run.err.find(path) != std::string::npos);
}

TEST_CASE("an error in config.md is reported with its position and nothing is sent",
          "[bad input]") {
  Standin standin;
  const Home home(standin);
  struct Case {
    std::string text;
    std::string words;
  };
  const std::string path = home.path("config/chatvim/config.md");
  const Case cases[] = {
      {"+++\nmodel = grok\n+++\n", path + ":2:"},
      {"+++\ntemperature = 1\nmodel = 3\n+++\n", path + ":3:"},
      {"+++\n[providers.x]\nbase_url = 3\n+++\n", path + ":3:"},
      {"bytes \xFF", "not UTF-8"},
      {"+++\n[providers.x]\ndefault_model = \"m\"\n+++\n", "base_url"},
      {"+++\n[providers.x]\nbase_url = \"nonsense\"\n+++\n", "base_url"},
      {"+++\n[providers.x]\nbase_url = \"http://h\"\nheaders = { \"a b\" = \"c\" }\n+++\n", "a b"},
  };
  for (const Case& one : cases) {
    INFO(one.text);
    home.configure(one.text);
    check_refused(home.run({"complete", "hi"}), one.words);
    check_refused(home.run({"request", "hi"}), one.words);
  }
  home.configure("");
  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
  check_refused(home.run({"complete", "hi"}), "directory");
  CHECK(standin.requests().empty());
}

TEST_CASE("hostile input on every command ends with an exit code, not a signal", "[bad input]") {
  const Home home;
  home.configure(configuration("http://127.0.0.1:9/v1"));
  const std::vector<std::string> documents = {
      std::string(300'000, '['),
      "+++\na = " + std::string(20'000, '[') + "\n+++\nhi",
      "---\na: " + std::string(20'000, '[') + "\n---\nhi",
      "---\na: &a [x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\n---\nhi",
      "+++\n" + std::string(1000, '\xC3') + "\n+++\nhi",
      std::string(1000, '\0')};
  for (const std::string& document : documents) {
    for (const char* command : {"messages", "request", "complete"}) {
      const Run run = home.run({command}, document);
      CHECK(run.code <= 3);
    }
  }
}

}  // namespace chatvim::testing
