// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing {

namespace {

const std::string kKey = "sentinel-key-5f2c";

/// Writes a shell script and returns its path.
std::string script(const Home& home, const std::string& name, const std::string& text) {
  const std::string path = home.file(name, "#!/bin/sh\n" + text);
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  return path;
}

std::string authorization(Standin& standin, std::size_t request = 0) {
  return header(standin.requests().at(request), "authorization");
}

void check_no_leak(const Run& run) {
  CHECK(run.out.find(kKey) == std::string::npos);
  CHECK(run.err.find(kKey) == std::string::npos);
}

}  // namespace

TEST_CASE("a key comes from the environment, white space around it removed", "[keys]") {
  Standin standin;
  Home home;
  home.set("MY_KEY", " " + kKey + "\r\n");
  home.configure(configuration(standin.base_url(), "api_key_env = [\"NOT_SET\", \"MY_KEY\"]"));
  standin.script(Json::array({answer({"a"})}));
  const Run run = home.run({"complete", "hi"});
  CHECK(run.code == 0);
  CHECK(authorization(standin) == "Bearer " + kKey);
  check_no_leak(run);
  check_no_leak(home.run({"request", "hi"}));
  check_no_leak(home.run({"providers", "--json"}));
}

TEST_CASE("without a key the error names the variables, and nothing is sent", "[keys]") {
  Standin standin;
  Home home;
  home.set("MY_KEY", "");
  home.configure(configuration(standin.base_url(), "api_key_env = \"MY_KEY\""));
  const Run run = home.run({"complete", "hi"});
  CHECK(run.code == 2);
  CHECK(run.err.find("$MY_KEY") != std::string::npos);
  home.configure("");
  const Run none = home.run({"complete", "hi"});
  CHECK(none.code == 2);
  CHECK(none.err.find("OPENAI_API_KEY") != std::string::npos);
  CHECK(none.err.find("XAI_API_KEY") != std::string::npos);
  CHECK(none.err.find("[providers.local]") != std::string::npos);
  CHECK(standin.requests().empty());
}

TEST_CASE("a key command's arguments are literal, except that ~ is the home folder", "[keys]") {
  Standin standin;
  const Home home;
  script(home, "key.sh", "echo run >> \"$HOME/runs\"\nprintf '%s\\n\\n' \"$1\"\n");
  home.configure(configuration(standin.base_url(),
                               "api_key_command = [\"~/key.sh\", \"" + kKey + "$HOME;*\", \"x\"]"));
  standin.script(Json::array({answer({"a"})}));
  CHECK(home.run({"messages"}, "hi").code == 0);
  CHECK(home.run({"request", "hi"}).code == 0);
  CHECK_FALSE(home.exists("runs"));
  REQUIRE(home.run({"complete", "hi"}).code == 0);
  CHECK(authorization(standin) == "Bearer " + kKey + "$HOME;*");
  CHECK(home.read("runs") == "run\n");
}

TEST_CASE("a key command that fails shows its exit code and errors, never its output", "[keys]") {
  Standin standin;
  const Home home;
  struct Case {
    std::string script;
    std::string shown;
  };
  const Case cases[] = {
      {"echo " + kKey + "; echo locked vault >&2; exit 3", "exit code 3. locked vault"},
      {"echo " + kKey + "; kill -TERM $$", "exit code 143"},
      {"echo no key here >&2", "printed nothing. no key here"}};
  for (const Case& one : cases) {
    home.configure(configuration(
        standin.base_url(),
        fmt::format("api_key_command = [\"{}\"]", script(home, "key.sh", one.script))));
    const Run run = home.run({"complete", "hi"});
    CHECK(run.code == 2);
    CHECK(run.err.find(one.shown) != std::string::npos);
    check_no_leak(run);
  }
  home.configure(
      configuration(standin.base_url(), "api_key_command = [\"no-such-program-here\", \"x\"]"));
  const Run missing = home.run({"complete", "hi"});
  CHECK(missing.code == 2);
  CHECK(missing.err.find("no-such-program-here") != std::string::npos);
  CHECK(standin.requests().empty());
}

TEST_CASE("an interrupt while the key is looked up ends its command too", "[keys]") {
  Standin standin;
  const Home home;
  const std::string command = script(
      home, "key.sh", "echo $$ > \"$HOME/pid\"\nmv \"$HOME/pid\" \"$HOME/started\"\nsleep 600\n");
  home.configure(
      configuration(standin.base_url(), fmt::format("api_key_command = [\"{}\"]", command)));
  Process process(home.command({"complete", "hi"}));
  process.end_input();
  process.wait_until([&] { return home.exists("started"); });
  const pid_t child = std::stoi(home.read("started"));
  process.signal(SIGINT);
  CHECK(process.wait() == 130);
  CHECK(::kill(child, 0) != 0);
  CHECK(standin.requests().empty());
}

TEST_CASE("a key comes from a file", "[keys]") {
  Standin standin;
  const Home home;
  home.file("key", kKey + "\n");
  home.configure(configuration(standin.base_url(), "api_key_file = \"~/key\""));
  standin.script(Json::array({answer({"a"})}));
  const Run run = home.run({"complete", "hi"});
  CHECK(run.code == 0);
  CHECK(authorization(standin) == "Bearer " + kKey);
  check_no_leak(run);
  home.configure(configuration(standin.base_url(), "api_key_file = \"~/other\""));
  const Run missing = home.run({"complete", "hi"});
  CHECK(missing.code == 2);
  CHECK(missing.err.find(home.path("other")) != std::string::npos);
}

TEST_CASE("no failure shows the key", "[keys]") {
  Standin standin;
  Home home;
  home.set("MY_KEY", kKey);
  home.configure(configuration(standin.base_url(), "api_key_env = \"MY_KEY\""));
  for (const int status : {400, 401, 404, 429, 500}) {
    standin.script(Json::array({{{"status", status}, {"json", {{"error", {{"message", "No."}}}}}},
                                {{"status", status}, {"body", ""}}}));
    check_no_leak(home.run({"complete", "hi"}));
    check_no_leak(home.run({"complete", "--json", "hi"}));
  }
  standin.script(Json::array({{{"steps", {{{"deltas", {{"text", {"x"}}}}}, {{"reset", true}}}}}}));
  check_no_leak(home.run({"complete", "hi"}));
}

TEST_CASE("no process has the key on its command line", "[keys]") {
  namespace fs = std::filesystem;
  if (!fs::exists("/proc/self/cmdline")) SKIP("there is no /proc");
  Standin standin;
  Home home;
  home.set("MY_KEY", kKey);
  home.configure(configuration(standin.base_url(), "api_key_env = \"MY_KEY\""));
  standin.script(Json::array({answer_with_gate({"x"}, "go")}));
  Process process(home.command({"complete", "hi"}));
  process.end_input();
  process.wait_until([&] { return process.output() == "x"; });
  const auto read = [](const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  };
  int seen = 0;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (!std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isdigit(c) != 0; }))
      continue;
    const std::string line = read(entry.path().string() + "/cmdline");
    CHECK(line.find(kKey) == std::string::npos);
    if (name == std::to_string(process.pid())) seen = line.empty() ? 0 : 1;
  }
  CHECK(seen == 1);
  // There is no child process while the answer streams.
  const std::string task = fmt::format("/proc/{0}/task/{0}/children", process.pid());
  if (fs::exists(task)) CHECK(read(task).empty());
  standin.release("go");
  CHECK(process.wait() == 0);
}

}  // namespace chatvim::testing
