// SPDX-License-Identifier: Apache-2.0
// The client with a scripted server that misbehaves.
#include "chatvim/mcp/client.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <cstdio>

#include "chatvim/loop/duplex_process.hpp"
#include "server_support.hpp"

namespace chatvim::mcp {
namespace {

using testing::count_marked;
using testing::ServerLoop;
using testing::standin;
using testing::TestClient;
using namespace std::chrono_literals;

const std::string kEcho = R"({"text":"hello"})";

TEST_CASE("mcp client: each kind of server lists and is called", "[mcp]") {
  ServerLoop test;
  for (const std::vector<std::string>& options : std::vector<std::vector<std::string>>{
           {"--kind=legacy"},
           {"--kind=modern"},
           {"--kind=dual"},
           {"--dies-of-probe"},
           {"--kind=dual", "--refuses-version", "--version=2025-06-18"},
           {"--half-lines", "--string-ids"},
           {"--talks-first"},
           {"--long-line"},
           {"--batch"},
           {"--says=ready to serve"}}) {
    CAPTURE(options);
    TestClient client(test, standin(options));
    const auto tools = client.list();
    REQUIRE(tools);
    REQUIRE(tools->size() == 8);
    CHECK(tools->front().name == "echo");
    CHECK(tools->front().hints == std::vector<std::string>{"read-only"});
    const auto result = client.call("echo", kEcho);
    CHECK(result.text == "hello");
    CHECK_FALSE(result.is_error);
    const bool is_modern =
        options[0] == "--kind=modern" || (options[0] == "--kind=dual" && options.size() == 1);
    CHECK(client.client().kind() == (is_modern ? Kind::kModern : Kind::kLegacy));
    CHECK(client.client().is_running());
    if (options[0] == "--says=ready to serve")
      CHECK(client.log == "tools.standin: ready to serve\n");
    if (options[0] == "--talks-first") {
      CHECK(client.log.find("skipped: Welcome!") != std::string::npos);
      CHECK(client.log.find("skipped: {not json}") != std::string::npos);
    }
  }
}

TEST_CASE("mcp client: pages, endless pages, storms and progress", "[mcp]") {
  ServerLoop test;
  CHECK(TestClient(test, standin({"--pages=3"})).list()->size() == 24);
  CHECK(TestClient(test, standin({"--pages=-1"})).list()->size() == 512);
  TestClient client(test, standin());
  CHECK(client.call("storm").text == "calm");
  CHECK(client.changes == 1);
  CHECK(client.call("progress").text == "done");
  CHECK(client.call("unknown").text == "Unknown tool: unknown (error -32602)");
}

TEST_CASE("mcp client: answers out of order and late ones", "[mcp]") {
  ServerLoop test;
  TestClient client(test, standin({"--out-of-order", "--late"}));
  std::vector<std::string> texts;
  std::vector<std::unique_ptr<Call>> calls;
  for (const char* text : {"a", "b", "c"}) {
    calls.push_back(client.client().call(
        "echo", std::string(R"({"text":")") + text + "\"}",
        [&texts](const tools::Result& result) { texts.push_back(result.text); }));
  }
  test.run_until([&] { return texts.size() == 3; });
  CHECK(texts == std::vector<std::string>{"c", "b", "a"});
  bool is_called = false;
  auto cancelled =
      client.client().call("wait", "{}", [&](const tools::Result&) { is_called = true; });
  CHECK(client.call("progress").text == "done");
  cancelled.reset();
  CHECK(client.call("progress").text == "done");  // after the late answer
  CHECK_FALSE(is_called);
}

TEST_CASE("mcp client: a call that takes too long, and the server lives on", "[mcp]") {
  ServerLoop test;
  tools::Server server = standin();
  server.timeout = 0.2;
  TestClient client(test, server);
  CHECK(client.call("wait").text == "The tool did not answer within 0.2 seconds (timeout).");
  CHECK(client.call("echo", kEcho).text == "hello");
}

TEST_CASE("mcp client: a server that ends in a call is started again by the next", "[mcp]") {
  ServerLoop test;
  TestClient client(test, standin());
  const auto result = client.call("exit");
  CHECK(result.is_error);
  CHECK(
      result.text ==
      "The tool server \"standin\" ended with exit code 7, and its last words were: out of memory");
  CHECK_FALSE(client.client().is_running());
  CHECK(client.call("echo", kEcho).text == "hello");
}

TEST_CASE("mcp client: commands that cannot be used are explained", "[mcp]") {
  ServerLoop test;
  const auto message = [&test](tools::Server server) {
    server.name = "x";
    const auto tools = TestClient(test, std::move(server)).list();
    return tools ? std::string("it works") : tools.error().message;
  };
  tools::Server server;
  server.command = {"no-such-program"};
  CHECK(message(server) ==
        "Check the command of the tool server \"x\": no-such-program was not found on PATH.");
  server.command = {"/etc/passwd"};
  CHECK(message(server) ==
        "Check the command of the tool server \"x\": /etc/passwd: Permission denied.");
  server = standin();
  server.folder = "/no/such/folder";
  CHECK(message(server) ==
        "Check the command of the tool server \"x\": its folder /no/such/folder does not exist.");
  CHECK(
      message(standin({"--exits"})) ==
      "Check the command of the tool server \"x\": it ended with exit code 3 before it was ready, "
      "and its last words were: standin: [31mno such database[0m");
  CHECK(
      message(standin({"--kind=dual", "--refuses-version", "--version=1999-01-01"})) ==
      "Update Chatvim or the tool server \"x\": of the protocol's versions, the server speaks only "
      "1999-01-01.");
}

TEST_CASE("mcp client: a server has only the environment and folder that it is given", "[mcp]") {
  ServerLoop test;
  ::setenv("CHATVIM_SECRET_OF_TEST", "x", 1);
  tools::Server server = standin();
  server.folder = "/";
  TestClient client(test, server);
  const std::string text = client.call("environment").text;
  CHECK(text.starts_with("folder=/\nPATH="));
  CHECK(text.find("CHATVIM_MARK=" + TestClient::mark()) != std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 3);
}

TEST_CASE("mcp client: no iteration of the loop is long, whatever a server sends", "[mcp]") {
  ServerLoop test;
  TestClient client(test, standin({"--talks-first"}));
  REQUIRE(client.list());
  test.measured().reset();
  const auto result = client.call("big", R"({"bytes":10485760})");
  CHECK(result.text.size() <= 256 * 1024);
  CHECK(result.left_out > 9 * 1024 * 1024);
  CHECK(client.call("storm").text == "calm");
  std::printf("longest iteration of the loop: 10 MiB and a storm %.1f ms",
              test.measured().longest_ms());
  test.measured().reset();
  TestClient first(test, standin({"--talks-first"}));
  REQUIRE(first.list());
  tools::Server silent = standin({"--never-answers"});
  silent.timeout = 0.1;
  {
    TestClient never(test, silent);
    never.client().list([](const auto&) {});
    first.call("echo", kEcho);
  }
  std::printf(", starts %.1f ms\n", test.measured().longest_ms());
}

TEST_CASE("mcp client: servers end, grandchildren and stubborn ones too", "[mcp]") {
  ServerLoop test;
  for (const std::vector<std::string>& options : std::vector<std::vector<std::string>>{
           {}, {"--ignores-term"}, {"--grandchildren"}, {"--ignores-term", "--grandchildren"}}) {
    CAPTURE(options);
    TestClient client(test, standin(options));
    REQUIRE(client.list());
    const auto began = loop::Clock::now();
    client.destroy();
    test.run_until([] { return count_marked(TestClient::mark()) == 0; });
    const auto took = loop::Clock::now() - began;
    // 2 seconds after its input is closed SIGTERM, after 2 more SIGKILL.
    CHECK(took < (options.empty() ? 2s : 5s));
    if (!options.empty() && options[0] == "--ignores-term") CHECK(took > 3900ms);
  }
}

TEST_CASE("mcp client: at the end of the program all servers end within a second", "[mcp]") {
  ServerLoop test;
  std::vector<std::unique_ptr<TestClient>> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(std::make_unique<TestClient>(
        test, i < 2 ? standin() : standin({"--ignores-term", "--grandchildren"})));
    REQUIRE(clients.back()->list());
  }
  clients.pop_back();  // ends in the background meanwhile
  const auto began = loop::Clock::now();
  end_servers();
  // A process that was killed is there until the kernel has freed its memory.
  while (count_marked(TestClient::mark()) > 0 && loop::Clock::now() - began < 1s) {
  }
  CHECK(loop::Clock::now() - began < 1s);
}

/// Starts servers in a process of their own, which then ends as `end` says. Returns whether they
/// are gone within a second.
bool are_gone_after(const std::function<void()>& end) {
  const pid_t child = ::fork();
  if (child == 0) {
    ServerLoop test;
    TestClient client(test, standin({"--ignores-term", "--grandchildren"}));
    TestClient other(test, standin());
    if (!client.list() || !other.list()) ::_exit(1);
    end();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  const auto began = loop::Clock::now();
  const std::string mark = "mark-" + std::to_string(child) + "-end";
  while (count_marked(mark) > 0) {
    if (loop::Clock::now() - began > 1500ms) return false;
  }
  return status != 1 << 8;
}

TEST_CASE("mcp client: when this program is killed its servers are gone within a second", "[mcp]") {
  CHECK(are_gone_after([] { ::_exit(0); }));
  CHECK(are_gone_after([] { ::kill(::getpid(), SIGKILL); }));
  CHECK(are_gone_after([] {
    ::kill(0, 0);
    ::signal(SIGTERM, SIG_DFL);
    ::raise(SIGTERM);
  }));
}

TEST_CASE("mcp client: many starts and ends leave no process", "[mcp]") {
  ServerLoop test;
  const std::vector<std::vector<std::string>> kinds = {
      {},          {"--kind=modern"}, {"--exits"},        {"--dies-of-probe"}, {"--never-answers"},
      {"--batch"}, {"--talks-first"}, {"--grandchildren"}};
  int answers = 0;
  int asked = 0;
  for (int round = 0; round < 125; ++round) {
    std::vector<std::unique_ptr<TestClient>> clients;
    for (const auto& kind : kinds) {
      clients.push_back(std::make_unique<TestClient>(test, standin(kind)));
      clients.back()->client().list([&](const auto&) { ++answers; });
      ++asked;
    }
    // Some are dropped before they answer, in the middle of their start.
    const int before = answers;
    test.run_until([&] { return answers >= before + round % 6; });
  }
  CHECK(asked == 1000);
  test.run_until([] { return count_marked(TestClient::mark()) == 0; });
  // None is left as a zombie either.
  test.run_until([] { return ::waitpid(-1, nullptr, WNOHANG) == 0; });
}

}  // namespace
}  // namespace chatvim::mcp
