// SPDX-License-Identifier: Apache-2.0
// The settings of tools: who may define servers, and what a document may choose.
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "chatvim/settings/settings.hpp"

namespace chatvim::settings::tools_test {
namespace {

using Names = std::vector<std::string>;

Layer toml(const std::string& text, Scope scope) {
  return read_layer(Language::kToml, text, 2, scope);
}

/// Returns the message of the only diagnostic, which must be an error.
std::string error_of(const Layer& layer) {
  REQUIRE(layer.diagnostics.size() == 1);
  CHECK(layer.diagnostics[0].severity == Severity::kError);
  return layer.diagnostics[0].message;
}

std::string refused(const std::string& table) { return error_of(toml(table, Scope::kConfigFile)); }

Settings lay(const std::vector<Layer>& layers) { return Settings(layers); }

}  // namespace

TEST_CASE("servers of tools are defined in config.md alone", "[tools]") {
  const std::string table = "[tools.x]\ncommand = ['sh', '-c', 'id']\n";
  const Layer own = toml(table, Scope::kConfigFile);
  CHECK(own.usable());
  CHECK(lay({own}).tool_servers().dump() == R"({"x":{"command":["sh","-c","id"]}})");
  const std::string advice =
      "Move tools to config.md: only there can it say what is run as a tool.";
  for (const Scope scope : {Scope::kDocument, Scope::kConfiguration}) {
    const Layer other = toml(table, scope);
    CHECK(error_of(other) == advice);
    CHECK(lay({own, other}).tool_servers() == lay({own}).tool_servers());
    CHECK(lay({other}).tool_servers().empty());
    CHECK(error_of(toml("tools.x.url = 'https://a.example'\n", scope)) == advice);
    CHECK(error_of(read_layer(Language::kYaml, "tools:\n  x:\n    command: [id]\n", 2, scope)) ==
          advice);
  }
  const Json lua = {{"tools", {{"x", {{"command", {"id"}}}}}}};
  CHECK(error_of(check_layer(lua, Scope::kConfiguration, "settings"))
            .starts_with("Move settings.tools to config.md: "));
  CHECK(error_of(read_assignments(Names{"tools.x.command=['id']"})) == advice);
  CHECK(error_of(toml("mcp_files = ['/a']\n", Scope::kConfiguration))
            .starts_with("Move mcp_files to config.md"));
  CHECK(error_of(toml("mcp_files = ['/a']\n", Scope::kDocument)).find("config.md") !=
        std::string::npos);
}

TEST_CASE("a stronger list of tools replaces a weaker one and leaves the servers", "[tools]") {
  const Layer config = toml("[tools.x]\nurl = 'https://a.example'\n", Scope::kConfigFile);
  const Layer preset = toml("tools = ['files', 'x']\n", Scope::kConfiguration);
  const Layer document = toml("tools = ['x.search']\n", Scope::kDocument);
  CHECK_FALSE(lay({config}).tools());
  CHECK(lay({config, preset}).tools() == Names{"files", "x"});
  CHECK(lay({config, preset, document}).tools() == Names{"x.search"});
  CHECK(lay({config, preset, document}).tool_servers().size() == 1);
  CHECK(lay({preset, toml("tools = []\n", Scope::kDocument)}).tools() == Names{});
  const Layer lua = check_layer({{"tools", Json::array()}}, Scope::kConfiguration, "settings");
  CHECK(lua.usable());
  CHECK(lay({lua}).tools() == Names{});
  CHECK(lay({toml("tools = ['files']\n", Scope::kConfigFile)}).tools() == Names{"files"});
}

TEST_CASE("a document can lower max_steps but not raise it", "[tools]") {
  const auto steps = [](const std::vector<Layer>& layers) { return lay(layers).max_steps(); };
  const Layer many = toml("max_steps = 50\n", Scope::kDocument);
  const Layer few = toml("max_steps = 3\n", Scope::kDocument);
  const Layer own = toml("max_steps = 30\n", Scope::kConfigFile);
  CHECK(steps({}) == 20);
  CHECK(steps({many}) == 20);
  CHECK(steps({few}) == 3);
  CHECK(steps({own}) == 30);
  CHECK(steps({own, many}) == 30);
  CHECK(steps({own, few}) == 3);
  CHECK(steps({few, many}) == 3);
  CHECK(error_of(toml("max_steps = 0\n", Scope::kDocument)).find("1 or more") != std::string::npos);
  CHECK(steps({toml("max_steps = 9223372036854775807\n", Scope::kConfigFile)}) == 1'000'000'000);
}

TEST_CASE("a document may turn on web_search", "[tools]") {
  CHECK_FALSE(lay({}).boolean("web_search"));
  CHECK(lay({toml("web_search = true\n", Scope::kDocument)}).boolean("web_search") == true);
  CHECK_FALSE(toml("web_search = 'yes'\n", Scope::kDocument).usable());
}

TEST_CASE("what is wrong with a server of tools is reported in one sentence", "[tools]") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"[tools.x]\n", "tools.x needs a command (a program and its arguments) or a url."},
      {"[tools.x]\ncommand = ['a']\nurl = 'https://a.example'\n",
       "tools.x has a command and a url: remove one of them."},
      {"[tools.x]\ncommand = []\n", "must be a list of a program and its arguments"},
      {"[tools.x]\ncommand = ['./run.sh']\n", "whole path"},
      {"[tools.x]\ncommand = 'a'\n", "tools.x.command must be a list of strings"},
      {"[tools.x]\nurl = 'ftp://a'\n", "http:// or https://"},
      {"[tools.x]\nurl = 'https://a.example'\nsandbox = true\n",
       "tools.x sets sandbox, which only a server with a command has."},
      {"[tools.x]\ncommand = ['a']\nheaders = {A = 'b'}\n", "only a server with a url"},
      {"[tools.x]\ncommand = ['a']\nask = 'no'\n", "\"new\", \"always\" or \"never\""},
      {"[tools.x]\ncommand = ['a']\ntimeout = 0\n", "more than 0"},
      {"[tools.x]\ncommand = ['a']\nenv = {'A=B' = 'c'}\n", "environment variable"},
      {"[tools.x]\ncommand = ['a']\nonly = 'b'\n", "a list of strings"},
      {"[tools.x]\ncomand = ['a']\n", "did you mean command?"},
      {"[tools.a__b]\ncommand = ['a']\n", "cannot name a server of tools"},
      {"[tools.'a.b']\ncommand = ['a']\n", "cannot name a server of tools"},
      {"[tools.'']\ncommand = ['a']\n", "cannot name a server of tools"},
      {"[tools." + std::string(41, 'a') + "]\ncommand = ['a']\n", "at most 40"},
      {"[tools.files]\ncommand = ['a']\n", "built in"},
      {"tools = 'files'\n", "must be a list of strings"},
      {"tools = ['']\n", "empty string"},
      {"mcp_files = '/a'\n", "a list of strings"}};
  for (const auto& [text, part] : cases) {
    INFO(text);
    const std::string message = refused(text);
    INFO(message);
    CHECK(message.find(part) != std::string::npos);
  }
  CHECK(toml("[tools.files]\nenabled = true\nask = 'always'\n", Scope::kConfigFile).usable());
  CHECK(toml("[tools." + std::string(40, 'a') + "]\ncommand = ['~/a']\n", Scope::kConfigFile)
            .usable());
}

TEST_CASE("a misspelt setting of tools is corrected", "[tools]") {
  for (const auto& [wrong, right] :
       std::vector<std::pair<std::string, std::string>>{{"tool = ['files']\n", "tools"},
                                                        {"max_step = 3\n", "max_steps"},
                                                        {"websearch = true\n", "web_search"}}) {
    const Layer layer = toml(wrong, Scope::kDocument);
    REQUIRE(layer.diagnostics.size() == 1);
    CHECK(layer.diagnostics[0].message.ends_with("did you mean " + right + "?"));
  }
}

}  // namespace chatvim::settings::tools_test
