// SPDX-License-Identifier: Apache-2.0
// Servers of tools from config.md and from the files of other programs.
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "chatvim/tools/read_servers.hpp"
#include "embed_support.hpp"

namespace chatvim::tools {
namespace {

using testing::embed::environment;

ServerList read(std::string_view text, std::map<std::string, std::string> variables = {}) {
  return read_mcp_file(text, "/etc/mcp.json", environment(std::move(variables)));
}

Server only_server(const ServerList& list) {
  INFO((list.warnings.empty() ? std::string() : list.warnings[0]));
  CHECK(list.warnings.empty());
  REQUIRE(list.servers.size() == 1);
  return list.servers[0];
}

std::string only_warning(const ServerList& list) {
  CHECK(list.servers.empty());
  REQUIRE(list.warnings.size() == 1);
  return list.warnings[0];
}

/// Returns the warning about an entry x.
std::string warning_about(const std::string& entry) {
  return only_warning(read(R"({"mcpServers": {"x": )" + entry + "}}"));
}

}  // namespace

TEST_CASE("the files of other programs define servers of tools", "[tools]") {
  const Server server = only_server(read(R"({"mcpServers": {"fs": {
      "command": "npx", "args": ["-y", "pkg", "${DIR:-/tmp}"], "cwd": "~/x",
      "env": {"TOKEN": "${env:SECRET}", "DEPTH": 3}, "autoApprove": ["*"], "alwaysAllow": ["a"]}}})",
                                         {{"SECRET", "s3"}, {"HOME", "/home/u"}}));
  CHECK(server.name == "fs");
  CHECK(server.command == std::vector<std::string>{"npx", "-y", "pkg", "/tmp"});
  CHECK(server.folder == "/home/u/x");
  CHECK(server.environment ==
        std::vector<std::pair<std::string, std::string>>{{"TOKEN", "s3"}, {"DEPTH", "3"}});
  CHECK(server.ask == Ask::kUntilAllowed);
  CHECK_FALSE(server.enabled);
  CHECK(server.source == "/etc/mcp.json");
  CHECK(command_line(server).find("s3") == std::string::npos);
  CHECK(command_line(server).find("TOKEN") != std::string::npos);

  const Server remote = only_server(read(R"(// VS Code
      {"servers": {"docs": {"type": "http", "url": "https://a.example/${P}", /* c, } */
       "headers": {"Authorization": "Bearer ${T}",},},}, "inputs": [],})",
                                         {{"P", "mcp"}, {"T", "t"}}));
  CHECK(remote.url == "https://a.example/mcp");
  CHECK(remote.headers[0].second == "Bearer t");
  CHECK(command_line(remote) == "https://a.example/${P}");
  CHECK(only_server(read(R"({"mcpServers": {"w": {"serverUrl": "http://localhost:1/"}}})")).url ==
        "http://localhost:1/");
  CHECK(read(R"({"mcpServers": {"x": {"command": "a", "disabled": true}}})").servers.empty());
}

TEST_CASE("an entry that cannot be used costs only itself", "[tools]") {
  const ServerList list = read(R"({"mcpServers": {"bad": 1, "good": {"command": "a"}}})");
  CHECK(list.servers.size() == 1);
  REQUIRE(list.warnings.size() == 1);
  CHECK(list.warnings[0] == "/etc/mcp.json: bad is not a table; it is left out.");
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"{}", "neither a command nor a url"},
      {R"({"command": "a", "url": "https://a"})", "a command and a url"},
      {R"({"command": "./a"})", "whole path"},
      {R"({"command": "${X}"})", "environment variable X, which is not set"},
      {R"({"command": "a", "args": ["${input:key}"]})", "only VS Code"},
      {R"({"command": "a", "args": "b"})", "not a list"},
      {R"({"command": "a", "args": [1]})", "not all strings"},
      {R"({"command": ["a"]})", "not a string"},
      {R"({"command": "a", "env": {"A": []}})", "not a string"},
      {R"({"command": "a", "env": {"A=B": "c"}})", "environment variable"},
      {R"({"command": "a", "envFile": ".env"})", "envFile"},
      {R"({"url": "file:///etc/passwd"})", "http or https"},
      {R"({"url": "https://a", "type": "sse"})", "transport sse"},
      {R"({"url": "https://a", "headers": {"A": "b\r\nC: d"}})", "header"}};
  for (const auto& [entry, part] : cases) {
    INFO(entry);
    const std::string warning = warning_about(entry);
    INFO(warning);
    CHECK(warning.starts_with("/etc/mcp.json: x "));
    CHECK(warning.find(part) != std::string::npos);
  }
  CHECK(only_warning(read(R"({"mcpServers": {"files": {"command": "a"}}})")).find("built-in") !=
        std::string::npos);
  CHECK(only_warning(read(R"({"mcpServers": {"a b": {"command": "a"}}})")).find("cannot name") !=
        std::string::npos);
  CHECK(only_warning(read("{\n\n]")).find("line 3") != std::string::npos);
  CHECK(only_warning(read("[]")).find("mcpServers") != std::string::npos);
  CHECK(only_warning(read(std::string(100'000, '['))).find("not JSON") != std::string::npos);
}

TEST_CASE("tables of config.md become servers of tools", "[tools]") {
  const Json tables = Json::parse(R"({
      "a": {"command": ["~/bin/a", "${X}"], "timeout": 5, "ask": "always", "only": ["t"],
            "sandbox": true, "enabled": true},
      "files": {"enabled": true}, "b": {"command": ["${NONE}"]}})");
  const ServerList list =
      read_servers(tables, "/c/config.md", environment({{"X", "1"}, {"HOME", "/h"}}));
  REQUIRE(list.servers.size() == 2);
  const Server& a = *list.find("a");
  CHECK(a.command == std::vector<std::string>{"/h/bin/a", "1"});
  CHECK(a.timeout == 5);
  CHECK(a.ask == Ask::kAlways);
  CHECK(a.only == std::vector<std::string>{"t"});
  CHECK(a.sandbox);
  CHECK(a.enabled);
  CHECK(list.find("files")->ask == Ask::kNever);
  REQUIRE(list.warnings.size() == 1);
  CHECK(list.warnings[0].starts_with("/c/config.md: tools.b needs the environment variable NONE"));
}

TEST_CASE("consent to a server is tied to what is run", "[tools]") {
  Server one;
  one.command = {"a", "b c"};
  Server other;
  other.command = {"a b", "c"};
  CHECK(command_line(one) != command_line(other));
  CHECK(command_line(one) == R"({"command":["a","b c"]})");
  other = one;
  other.environment = {{"LD_PRELOAD", "x"}};
  CHECK(command_line(one) != command_line(other));
  other = one;
  other.folder = "/tmp";
  CHECK(command_line(one) != command_line(other));
}

}  // namespace chatvim::tools
