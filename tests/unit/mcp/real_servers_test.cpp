// SPDX-License-Identifier: Apache-2.0
// The client with real servers from npm, which scripts/setup.sh --with-checks installs.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

#include "chatvim/loop/duplex_process.hpp"
#include "server_support.hpp"

namespace chatvim::mcp {
namespace {

using testing::count_marked;
using testing::ServerLoop;
using testing::TestClient;
namespace fs = std::filesystem;

const std::string kModules = CHATVIM_DEPS "/mcp/node_modules";

void need_servers() {
  if (!fs::exists(kModules + "/@modelcontextprotocol/server-everything")) {
    SKIP("the tool servers are missing: scripts/setup.sh --with-checks gets them with npm");
  }
}

/// A server from npm, started by node.
tools::Server node_server(const std::string& package, std::vector<std::string> arguments = {}) {
  tools::Server server;
  server.name = package;
  server.command = {"node",
                    kModules + "/@modelcontextprotocol/server-" + package + "/dist/index.js"};
  server.command.insert(server.command.end(), arguments.begin(), arguments.end());
  return server;
}

std::vector<std::string> own_server(const std::string& kind, const std::string& transport) {
  return {"node", CHATVIM_MCP "/server.mjs", kind, transport, kModules};
}

/// A process that serves HTTP; `wait_for` returns what it printed up to the line with the text.
class WebServer final : public loop::ProcessHandler {
 public:
  WebServer(ServerLoop& test, std::vector<std::string> command, const std::string& port = "")
      : test_(test) {
    const char* const path = std::getenv("PATH");
    auto started = loop::DuplexProcess::start(
        test.loop(), {std::move(command), {{"PATH", path ? path : ""}, {"PORT", port}}, ""}, *this);
    REQUIRE(started);
    process_ = std::move(*started);
  }
  const std::string& wait_for(const std::string& text) {
    test_.run_until([&] { return output_.find(text) != std::string::npos || ended_; });
    REQUIRE_FALSE(ended_);
    return output_;
  }

 private:
  void on_output(std::string_view bytes) override { output_ += bytes; }
  void on_error_output(std::string_view bytes) override { output_ += bytes; }
  void on_end(int) override { ended_ = true; }

  ServerLoop& test_;
  std::string output_;
  bool ended_ = false;
  std::unique_ptr<loop::DuplexProcess> process_;
};

/// Returns a port that was free a moment ago.
std::string free_web_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof own;
  REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&own), size) == 0);
  REQUIRE(::getsockname(fd, reinterpret_cast<sockaddr*>(&own), &size) == 0);
  ::close(fd);
  return std::to_string(ntohs(own.sin_port));
}

bool has_tool(const std::vector<tools::Tool>& tools, const std::string& name) {
  return std::any_of(tools.begin(), tools.end(),
                     [&](const tools::Tool& tool) { return tool.name == name; });
}

TEST_CASE("mcp real: everything over pipes", "[mcp]") {
  need_servers();
  ServerLoop test;
  TestClient client(test, node_server("everything"));
  const auto tools = client.list();
  REQUIRE(tools);
  CHECK(has_tool(*tools, "echo"));
  CHECK(client.client().kind() == Kind::kLegacy);
  CHECK(client.call("echo", R"({"message":"hi"})").text == "Echo: hi");
  CHECK(client.call("get-sum", R"({"a":2,"b":3})").text.find('5') != std::string::npos);
  CHECK(client.call("get-tiny-image").text.find("picture (image/png)") != std::string::npos);
  CHECK(client.call("trigger-long-running-operation", R"({"duration":1,"steps":4})")
            .text.find("completed") != std::string::npos);
  CHECK(client.call("no-such-tool").is_error);
  client.destroy();
  test.run_until([] { return count_marked(TestClient::mark()) == 0; });
}

TEST_CASE("mcp real: files and memory over pipes", "[mcp]") {
  need_servers();
  ServerLoop test;
  const fs::path folder = fs::temp_directory_path() / ("chatvim-mcp-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  std::ofstream(folder / "a.txt") << "content of a";
  TestClient files(test, node_server("filesystem", {folder.string()}));
  const auto tools = files.list();
  REQUIRE(tools);
  CHECK(has_tool(*tools, "read_text_file"));
  CHECK(files.call("read_text_file", R"({"path":")" + (folder / "a.txt").string() + "\"}").text ==
        "content of a");
  CHECK(files.call("read_text_file", R"({"path":"/etc/passwd"})").is_error);
  TestClient memory(test, node_server("memory"));
  REQUIRE(memory.list());
  CHECK_FALSE(memory.call("read_graph").is_error);
  fs::remove_all(folder);
}

TEST_CASE("mcp real: the current library over pipes, modern and dual", "[mcp]") {
  need_servers();
  ServerLoop test;
  for (const char* kind : {"modern", "dual"}) {
    for (const Kind remembered : {Kind::kUnknown, Kind::kLegacy}) {
      tools::Server server;
      server.command = own_server(kind, "stdio");
      TestClient client(test, server, remembered);
      const auto tools = client.list();
      REQUIRE(tools);
      CHECK(has_tool(*tools, "echo"));
      CHECK(client.call("echo", R"({"text":"hi"})").text == "Echo: hi");
      const bool is_old = std::string(kind) == "dual" && remembered == Kind::kLegacy;
      CHECK(client.client().kind() == (is_old ? Kind::kLegacy : Kind::kModern));
    }
  }
}

TEST_CASE("mcp real: everything over HTTP, with sessions", "[mcp]") {
  need_servers();
  ServerLoop test;
  const std::string port = free_web_port();
  const std::vector<std::string> command = {
      "node", kModules + "/@modelcontextprotocol/server-everything/dist/index.js",
      "streamableHttp"};
  auto web = std::make_unique<WebServer>(test, command, port);
  web->wait_for("listening");
  tools::Server server;
  server.url = "http://127.0.0.1:" + port + "/mcp";
  TestClient client(test, server);
  const auto tools = client.list();
  REQUIRE(tools);
  CHECK(client.client().kind() == Kind::kLegacy);
  CHECK(client.call("echo", R"({"message":"hi"})").text == "Echo: hi");
  CHECK(client.call("trigger-long-running-operation", R"({"duration":1,"steps":4})")
            .text.find("completed") != std::string::npos);
  web.reset();
  test.run_until([&] { return client.call("echo", R"({"message":"hi"})").is_error; });
  CHECK(client.call("echo").text ==
        "Start the tool server \"test\", or check its url: no connection to " + server.url + ".");
}

TEST_CASE("mcp real: the current library over HTTP, modern and dual", "[mcp]") {
  need_servers();
  ServerLoop test;
  for (const char* kind : {"modern", "dual"}) {
    CAPTURE(kind);
    WebServer web(test, own_server(kind, "http"));
    const std::string printed = web.wait_for("\n");
    tools::Server server;
    server.url = "http://127.0.0.1:" + printed.substr(0, printed.find('\n')) + "/mcp";
    TestClient client(test, server);
    // Without asking for the list: the parameter that becomes a header must still be known.
    CHECK(client.call("echo", R"({"text":"grüß dich"})").text == "Echo: grüß dich");
    CHECK(client.client().kind() == Kind::kModern);
    const auto tools = client.list();
    REQUIRE(tools);
    CHECK(has_tool(*tools, "echo"));
    CHECK(client.call("no-such-tool").is_error);
    TestClient old(test, server, Kind::kLegacy);
    CHECK(old.call("echo", R"({"text":"hi"})").text == "Echo: hi");
    CHECK(old.client().kind() == (std::string(kind) == "dual" ? Kind::kLegacy : Kind::kModern));
  }
}

}  // namespace
}  // namespace chatvim::mcp
