// SPDX-License-Identifier: Apache-2.0
// The program with servers of tools that are not ours: from npm, made with the current library, and
// models that aimock imitates.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "editor.hpp"
#include "home.hpp"
#include "servers.hpp"
#include "standin.hpp"
#include "tool_replies.hpp"

namespace chatvim::testing::tool_servers_test {

namespace {

namespace fs = std::filesystem;

const std::string kModules = CHATVIM_DEPS "/mcp/node_modules";
const std::string kChat = "+++\ntools = [\"demo\"]\n+++\n\nGo.\n";

void need_servers() {
  need({"node"});
  if (!fs::exists(kModules + "/@modelcontextprotocol/server-everything")) {
    SKIP("the tool servers are missing: scripts/setup.sh --with-checks gets them with npm");
  }
}

/// Returns the table of a server "demo" that node runs; `more` is appended to it.
std::string node_table(const std::vector<std::string>& arguments, const std::string& more = "") {
  std::string list = Json(path_of("node")).dump();
  for (const std::string& one : arguments) list += ", " + Json(one).dump();
  return fmt::format("[tools.demo]\ncommand = [{}]\n{}\n", list, more);
}

std::string package_table(const std::string& package, const std::string& argument = "",
                          const std::string& more = "") {
  std::vector<std::string> all = {kModules + "/@modelcontextprotocol/server-" + package +
                                  "/dist/index.js"};
  if (!argument.empty()) all.push_back(argument);
  return node_table(all, more);
}

/// Lets a model make calls of one server, one a step: once on the command line and once over the
/// channel. Returns the results as the model gets them, which are the same.
std::vector<std::string> results_of(const Home& home, Standin& standin, const std::string& table,
                                    const std::vector<Called>& all) {
  home.configure(configuration(standin.base_url(), table));
  Json replies = Json::array();
  for (const Called& one : all) replies.push_back(calls({one}));
  replies.push_back(answer({"Done."}));

  standin.script(replies);
  home.file("chat.md", kChat);
  const Run run = home.run({"complete", "--write", "--allow-tool", "demo.*", "--file", "chat.md"});
  INFO(run.err);
  INFO(home.read("chat.md"));
  REQUIRE(run.code == 0);
  const auto results = [&] {
    std::vector<std::string> out;
    for (const Json& message : messages_of(standin.requests().back())) {
      if (message.at("role") == "tool") out.push_back(message.at("content"));
    }
    return out;
  };
  const auto from_command_line = results();

  standin.script(replies);
  Editor editor(home);
  editor.send("complete", {{"id", 1}, {"text", kChat}, {"folder", home.path("")}, {"asks", true}});
  for (std::size_t i = 0; i <= all.size(); ++i) {
    const Json question = editor.wait("question", 1);
    CHECK(question.at("kind") == (i == 0 ? "start" : "call"));
    editor.send(
        "decide",
        {{"id", 1}, {"number", question.at("number")}, {"decision", "once"}, {"reason", ""}});
    // A question comes only after the updates before it.
    while (i > 0 && i < all.size() && editor.count("question", 1) == 0) {
      const Json update = editor.wait("update", 1);
      editor.send("acknowledge", {{"id", 1}, {"sequence", update.at("sequence")}});
      editor.process().wait_until([&] {
        editor.sync();
        return editor.count("question", 1) + editor.count("update", 1) > 0;
      });
    }
  }
  CHECK(editor.take_answer(1).ended.at("outcome") == "done");
  CHECK(results().size() == from_command_line.size());
  return from_command_line;
}

/// A server over HTTP that was made with the current library.
class OwnServer {
 public:
  explicit OwnServer(const std::string& kind)
      : process_({{path_of("node"), CHATVIM_MCP "/server.mjs", kind, "http", kModules}, {}, ""}) {
    process_.wait_until([this] {
      return process_.output().find('\n') != std::string::npos || process_.has_ended();
    });
    REQUIRE_FALSE(process_.has_ended());
  }
  std::string table() {
    const std::string port = process_.output().substr(0, process_.output().find('\n'));
    return "[tools.demo]\nurl = \"http://127.0.0.1:" + port + "/mcp\"\n";
  }

 private:
  Process process_;
};

}  // namespace

TEST_CASE("tool servers: everything, on the command line and over the channel", "[tools]") {
  need_servers();
  Standin standin;
  const Home home;
  const auto results = results_of(
      home, standin, package_table("everything"),
      {{"c1", "demo__echo", R"({"message":"hi"})"}, {"c2", "demo__get-sum", R"({"a":2,"b":3})"}});
  REQUIRE(results.size() == 2);
  CHECK(results[0] == "Echo: hi");
  CHECK(results[1].find('5') != std::string::npos);
}

TEST_CASE("tool servers: one that changes its list again and again is offered", "[tools]") {
  Standin standin;
  const Home home;
  const auto results = results_of(
      home, standin, demo_server(", \"--changes\""),
      {{"c1", "demo__echo", R"({"text":"one"})"}, {"c2", "demo__echo", R"({"text":"two"})"}});
  CHECK(results == std::vector<std::string>{"one", "two"});
  for (const Json& request : standin.requests()) {
    CHECK(body_of(request).at("tools").size() == 8);
  }
}

TEST_CASE("tool servers: files of an allowed folder", "[tools]") {
  need_servers();
  Standin standin;
  const Home home;
  fs::create_directories(home.path("allowed"));
  home.file("allowed/a.txt", "content of a");
  const std::string folder = fs::canonical(home.path("allowed")).string();
  const auto with_path = [](const std::string& path) { return Json{{"path", path}}.dump(); };
  const auto results = results_of(home, standin, package_table("filesystem", folder),
                                  {{"c1", "demo__list_directory", with_path(folder)},
                                   {"c2", "demo__read_text_file", with_path(folder + "/a.txt")},
                                   {"c3", "demo__read_text_file", with_path("/etc/passwd")}});
  REQUIRE(results.size() == 3);
  CHECK(results[0].find("a.txt") != std::string::npos);
  CHECK(results[1] == "content of a");
  CHECK(results[2].starts_with("Error: "));
}

TEST_CASE("tool servers: a memory that outlives the answer", "[tools]") {
  need_servers();
  Standin standin;
  const Home home;
  const std::string table = package_table(
      "memory", "", "env = { MEMORY_FILE_PATH = \"" + home.path("memory.jsonl") + "\" }");
  const std::string ada =
      R"({"entities":[{"name":"Ada","entityType":"person","observations":["likes tea"]}]})";
  const auto results = results_of(
      home, standin, table, {{"c1", "demo__create_entities", ada}, {"c2", "demo__read_graph", ""}});
  REQUIRE(results.size() == 2);
  CHECK(results[1].find("likes tea") != std::string::npos);
  CHECK(home.read("memory.jsonl").find("likes tea") != std::string::npos);
}

TEST_CASE("tool servers: the current library, modern and dual, over pipes and HTTP", "[tools]") {
  need_servers();
  const std::string kind = GENERATE("modern", "dual");
  const std::string transport = GENERATE("stdio", "http");
  INFO(kind << " " << transport);
  Standin standin;
  const Home home;
  std::unique_ptr<OwnServer> http;
  std::string table = node_table({CHATVIM_MCP "/server.mjs", kind, "stdio", kModules});
  if (transport == "http") {
    http = std::make_unique<OwnServer>(kind);
    table = http->table();
  }
  const auto results = results_of(
      home, standin, table,
      {{"c1", "demo__echo", R"({"text":"hi"})"}, {"c2", "demo__echo", R"({"text":"ü"})"}});
  REQUIRE(results.size() == 2);
  CHECK(results[0] == "Echo: hi");
  CHECK(results[1] == "Echo: ü");
}

TEST_CASE("aimock: a model that calls a tool, in every format", "[aimock]") {
  need({"aimock"});
  const Aimock aimock;
  const Home home;
  const std::string api = GENERATE("chat", "responses", "messages");
  INFO(api);
  home.configure(configuration(aimock.base_url(), "api = \"" + api + "\"\n" + demo_server()));
  home.file("chat.md", "+++\ntools = [\"demo\"]\n+++\n\nuse your tool\n");
  const Run run = home.run({"complete", "--write", "--allow-tool", "demo.*", "--file", "chat.md"});
  const std::string text = home.read("chat.md");
  INFO(run.err);
  INFO(text);
  CHECK(run.code == 0);
  CHECK(text.find("Step 1: demo.echo") != std::string::npos);
  CHECK(text.find("```text result\nfrom the model\n```\n\n</details>\n\nIt was said.\n") !=
        std::string::npos);
  CHECK(text.find("Step 2") == std::string::npos);
}

}  // namespace chatvim::testing::tool_servers_test
