// SPDX-License-Identifier: Apache-2.0
// The servers of tools of a chat, and setting its tools.
#include "chatvim/chat/tool_servers.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "chatvim/chat/chat.hpp"
#include "chatvim/chat/configuration.hpp"
#include "chatvim/chat/set_value.hpp"
#include "chatvim/text/lines.hpp"
#include "embed_support.hpp"

namespace chatvim::chat {
namespace {

using testing::embed::environment;
using testing::embed::Folder;
using Names = std::vector<std::string>;

settings::Settings config(const std::string& text) {
  const std::vector layers{
      settings::read_layer(settings::Language::kToml, text, 2, settings::Scope::kConfigFile)};
  REQUIRE(layers[0].usable());
  return settings::Settings(layers);
}

Names names_of(const tools::ServerList& list) {
  Names names;
  for (const auto& server : list.servers) names.push_back(server.name);
  return names;
}

/// Applies the edit of `set_tools` to a document.
std::string with_tools(const std::string& document, const Names& names) {
  const auto lines = text::split_file(document);
  const auto edit = set_tools(lines, names);
  REQUIRE(edit);
  std::string out;
  for (std::size_t i = 0; i <= lines.size(); ++i) {
    if (i == edit->first) {
      for (const auto& line : edit->lines) out += line + "\n";
    }
    if (i < lines.size() && (i < edit->first || i >= edit->last)) {
      out += std::string(lines[i]) + "\n";
    }
  }
  return out;
}

}  // namespace

TEST_CASE("the servers of tools come from config.md and the files it names", "[tools]") {
  const Folder folder;
  folder.write("home/a.json", R"({"mcpServers": {"one": {"command": "a1"}, "two": {"command": "a2"},
                                                 "bad": {}}})");
  folder.write("b.json", R"({"servers": {"two": {"command": "b2"}, "three": {"command": "b3"}}})");
  const auto variables = environment({{"HOME", folder.path("home")}});
  const auto list =
      tool_servers(config("mcp_files = ['~/a.json', '" + folder.path("b.json") +
                          "', '/missing.json', 'relative.json']\n[tools.three]\ncommand = ['c3']\n"
                          "enabled = true\n"),
                   variables);
  CHECK(names_of(list) == Names{"files", "one", "two", "three"});
  CHECK(list.find("two")->command == Names{"b2"});
  CHECK(list.find("three")->command == Names{"c3"});
  CHECK(list.find("three")->source == folder.path("home") + "/.config/chatvim/config.md");
  CHECK(list.find("files")->ask == tools::Ask::kNever);
  REQUIRE(list.warnings.size() == 3);
  CHECK(list.warnings[0].find("bad has neither a command nor a url") != std::string::npos);
  CHECK(list.warnings[1] ==
        "Correct mcp_files in config.md: /missing.json: there is no such file.");
  CHECK(list.warnings[2].find("whole path") != std::string::npos);
}

TEST_CASE("a chat that does not set tools gets those of the enabled servers", "[tools]") {
  const auto none = environment({});
  const auto patterns = [&](const std::string& text) {
    const auto settings = config(text);
    return tool_patterns(settings, tool_servers(settings, none));
  };
  CHECK(patterns("").empty());
  CHECK(patterns("[tools.files]\nenabled = true\n[tools.x]\ncommand = ['a']\n") == Names{"files"});
  CHECK(patterns("tools = ['x.*']\n") == Names{"x.*"});
}

TEST_CASE("a name in tools that no server has is reported with a similar one", "[tools]") {
  const auto servers = tool_servers(config("[tools.github]\ncommand = ['a']\n"), environment({}));
  CHECK(unknown_tools({"files", "github.search", "git*", "*"}, servers).empty());
  CHECK(unknown_tools({"githib.search", "weather"}, servers) ==
        Names{"tools names \"githib.search\", but there is no server of tools githib; did you mean "
              "github?",
              "tools names \"weather\", but there is no server of tools weather; define it in "
              "config.md, or remove it."});
}

TEST_CASE("setting the tools of a chat changes nothing else", "[tools]") {
  CHECK(with_tools("+++\nmodel = 'm' # c\n+++\nQ\n", {"files"}) ==
        "+++\ntools = [\"files\"]\nmodel = 'm' # c\n+++\nQ\n");
  CHECK(with_tools("---\ntools:\n  - a\n  - b\nx: 1\n---\nQ\n", {"c"}) ==
        "---\ntools:\n  - c\nx: 1\n---\nQ\n");
  CHECK(with_tools("Q\n", {"files"}) == "+++\ntools = [\"files\"]\n+++\n\nQ\n");
  CHECK(with_tools("+++\ntools = [\n 'a',\n]\n+++\nQ\n", {}) == "+++\ntools = []\n+++\nQ\n");
  CHECK_FALSE(set_tools({}, {"a\nb"}));
  CHECK_FALSE(set_tools({}, {" "}));
}

TEST_CASE("a chat or a project file that defines a server of tools is refused", "[tools]") {
  const auto none = environment({});
  const auto lines = text::split_file("+++\n[tools.x]\ncommand = [\"sh\"]\n+++\nQ\n");
  const auto reading = read_chat(lines, {}, none);
  REQUIRE_FALSE(reading.chat);
  CHECK(reading.chat.error().message ==
        "Line 2, column 2: Move tools to config.md: only there can it say what is run as a tool.");
  const auto context = read_context("/p/.chatvim.md", "---\ntools: {x: {command: [sh]}}\n---\n");
  REQUIRE_FALSE(context);
  CHECK(context.error().message.find("Move tools to config.md") != std::string::npos);

  const Folder folder;
  folder.write("chatvim/presets/p.md", "+++\n[tools.x]\ncommand = [\"sh\"]\n+++\n");
  folder.write("chatvim/config.md", "+++\n[tools.y]\ncommand = [\"y\"]\n+++\n");
  const auto variables = environment({{"XDG_CONFIG_HOME", folder.path()}});
  const auto plain = read_configuration(variables);
  REQUIRE(plain);
  CHECK(settings::Settings(plain->layers).tool_servers().contains("y"));
  CHECK_FALSE(read_configuration(variables, {"p", {}}));
}

}  // namespace chatvim::chat
