// SPDX-License-Identifier: Apache-2.0
// Checks that the documentation matches the tables that the program uses.
#include <catch2/catch_test_macros.hpp>
#include <cctype>
#include <fstream>
#include <iterator>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/error.hpp"
#include "chatvim/settings/schema.hpp"
#include "embed/credentials.hpp"
#include "provider/builtin.hpp"

namespace {

using chatvim::ErrorCode;

/// Returns the contents of a project file, given its path from the project's root.
std::string read(const std::string& path) {
  const std::string from_root = std::string(CHATVIM_TEST_DATA) + "/../../" + path;
  std::ifstream stream(from_root, std::ios::binary);
  INFO(from_root);
  REQUIRE(stream);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

/// Returns the text between two markers; both must occur.
std::string between(const std::string& text, const std::string& first, const std::string& last) {
  INFO(first << " … " << last);
  const std::size_t start = text.find(first);
  REQUIRE(start != std::string::npos);
  const std::size_t end = text.find(last, start + first.size());
  REQUIRE(end != std::string::npos);
  return text.substr(start, end - start);
}

/// Returns the first capture group of every match. At least one match is required, because
/// otherwise the pattern no longer fits the source.
std::vector<std::string> all(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), regex), end; it != end; ++it) {
    found.push_back((*it)[1]);
  }
  INFO(pattern);
  REQUIRE_FALSE(found.empty());
  return found;
}

void check_names(const std::string& text, const std::string& name) {
  INFO(name);
  CHECK(text.find(name) != std::string::npos);
}

std::string in_code(std::string_view name) { return "`" + std::string(name) + "`"; }

/// Returns every error code in CHATVIM_ERROR_CODES.
std::vector<ErrorCode> error_codes() {
  return {
#define CHATVIM_X(enumerator, name, level, exit_code) ErrorCode::enumerator,
      CHATVIM_ERROR_CODES(CHATVIM_X)
#undef CHATVIM_X
  };
}

/// Returns the anchors that GitHub makes for a page's headings.
std::set<std::string> headings(const std::string& page) {
  std::set<std::string> anchors;
  for (const auto& heading : all(page, R"rx(\n#+ ([^\n]+))rx")) {
    std::string anchor;
    for (const char c : heading) {
      const auto byte = static_cast<unsigned char>(c);
      if (std::isalnum(byte) != 0 || byte >= 0x80 || c == '_' || c == '-') {
        anchor += static_cast<char>(std::tolower(byte));
      } else if (c == ' ') {
        anchor += '-';
      }
    }
    const std::string first = anchor;
    for (int number = 1; !anchors.insert(anchor).second; ++number) {
      anchor = first + "-" + std::to_string(number);
    }
  }
  return anchors;
}

}  // namespace

TEST_CASE("the README's table has every setting", "[docs]") {
  const std::string table = between(read("README.md"), "| setting |", "| key of a provider |");
  for (const auto& option : chatvim::settings::schema()) check_names(table, in_code(option.name));
}

TEST_CASE("the README's table has every key of a provider", "[docs]") {
  const std::string table = between(read("README.md"), "| key of a provider |", "\n## ");
  for (const auto& option : chatvim::settings::provider_schema()) {
    check_names(table, in_code(option.name));
  }
}

TEST_CASE("the README names every command of the program", "[docs]") {
  const std::string readme = read("README.md");
  for (const char* group : {"chats", "lists", "servers", "texts"}) {
    const std::string source = read(std::string("src/cli/define_") + group + ".cpp");
    for (const auto& name : all(source, R"rx(\badd\(\s*"([a-z]+)",)rx")) {
      check_names(readme, "chatvim " + name);
    }
  }
}

TEST_CASE("the README names every command of the plugin", "[docs]") {
  const std::string readme = read("README.md");
  for (const auto& name : all(read("plugin/chatvim.lua"), R"rx(\bcommand\("([A-Za-z]+)")rx")) {
    check_names(readme, "`:" + name + "`");
  }
}

TEST_CASE("the README's lines to install libraries have every package that a build needs",
          "[docs]") {
  const std::string lines = between(read("README.md"), "## Building from source", "\n## ");
  for (const auto& list : all(read("data/packages.txt"), R"rx(\n[a-z]+: ([^\n]+))rx")) {
    // "a|b" is one package with two possible names; the README has the first.
    const std::string first = std::regex_replace(list, std::regex(R"rx(\|\S+)rx"), "");
    check_names(lines, " " + first + "\n");
  }
}

// tests/nvim/test_help.lua checks the help against the Lua tables.
TEST_CASE("the help has every setting, every key of a provider and of a model's facts", "[docs]") {
  const std::string help = read("doc/chatvim.txt");
  const std::string settings = between(help, "*chatvim-settings*\n", "\n=====");
  for (const auto& option : chatvim::settings::schema())
    check_names(settings, in_code(option.name));
  const std::string config = between(help, "*chatvim-config*\n", "\n=====");
  for (const auto& option : chatvim::settings::provider_schema()) {
    check_names(config, in_code(option.name));
  }
  for (const auto& option : chatvim::settings::model_schema()) {
    check_names(config, in_code(option.name));
  }
}

TEST_CASE("the help and the page about tools have every key of a server of tools", "[docs]") {
  const std::string help =
      between(read("doc/chatvim.txt"), "*chatvim-tools-servers*\n", "*chatvim-tools-consent*");
  const std::string page = between(read("doc/tools.md"), "\n### All keys\n", "\n## ");
  for (const auto& option : chatvim::settings::tool_schema()) {
    check_names(help, in_code(option.name));
    check_names(page, "| " + in_code(option.name) + " |");
  }
}

TEST_CASE("the help has every built-in provider with the variables of its key", "[docs]") {
  const std::string help = between(read("doc/chatvim.txt"), "*chatvim-providers*\n", "\n<\n");
  const auto nothing = [](std::string_view) { return std::optional<std::string>(); };
  for (const auto& row : chatvim::provider::builtin_rows(nothing)) {
    std::string line = "\n    " + row.name + std::string(14 - row.name.size(), ' ');
    for (const auto& variable : row.key.environment) {
      line += (line.ends_with(' ') ? "" : ", ") + variable;
    }
    if (row.key.environment.empty()) line += "none";
    check_names(help, line);
  }
}

TEST_CASE("the help lists every name that usually holds credentials", "[docs]") {
  const std::string help =
      between(read("doc/chatvim.txt"), "*chatvim-credentials*\n", "*chatvim-.chatvim.md*");
  const std::string words = std::regex_replace(help, std::regex(R"rx(\s+)rx"), " ");
  for (const auto& name : chatvim::embed::credential_names()) {
    check_names(words, " " + std::string(name) + " ");
  }
  for (const auto& path : chatvim::embed::credential_paths()) {
    check_names(words, " " + std::string(path) + " ");
  }
}

TEST_CASE("every link between the pages leads to a file and a heading", "[docs]") {
  const std::regex link(R"rx(\]\(([^)#:\s]*)(#[^)\s]*)?\))rx");
  for (const std::string page :
       {"README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "doc/architecture.md",
        "doc/errors.md", "doc/faults.md", "doc/format.md", "doc/internals.md",
        "doc/language-server.md", "doc/packaging.md", "doc/performance.md", "doc/protocol.md",
        "doc/reliability.md", "doc/tools.md", "tests/README.md", "tests/standin/README.md"}) {
    const std::string text = read(page);
    const std::string folder = page.substr(0, page.rfind('/') + 1);
    for (std::sregex_iterator it(text.begin(), text.end(), link), end; it != end; ++it) {
      const std::string target = (*it)[1];
      const std::string anchor = (*it)[2];
      INFO(page << ": " << it->str());
      const std::string found = target.empty() ? page : folder + target;
      // A target without an extension, as in examples of embeds, is not a page.
      if (!target.empty() && !target.ends_with(".md")) continue;
      const std::string there = read(found);
      if (!anchor.empty()) CHECK(headings(there).contains(anchor.substr(1)));
    }
  }
}

TEST_CASE("the list of errors has every code with its level and exit code", "[docs]") {
  const std::string codes = between(read("doc/protocol.md"), "## Error codes\n", "\n## ");
  for (const ErrorCode code : error_codes()) {
    check_names(codes, "| " + in_code(name_of(code)) + " | " +
                           std::string(name_of(level_of(code))) + " | " +
                           std::to_string(exit_code_of(code)) + " |");
  }
}

TEST_CASE("the protocol's page has every message from the program", "[docs]") {
  const std::string page = read("doc/protocol.md");
  const std::string from_program = between(page, "## Messages from the program\n", "\n## ");
  const std::string sources = read("src/editor/service.cpp") + read("src/editor/answers.cpp") +
                              read("src/editor/questions.cpp") + read("src/editor/lua.cpp") +
                              read("src/editor/sent_chat.cpp") +
                              read("src/editor/editor_answer.cpp");
  for (const auto& name : all(sources, R"rx(\b(?:send|tell)\("([a-z_]+)")rx")) {
    check_names(from_program, "\n### " + in_code(name) + "\n");
  }
}

TEST_CASE("versions are the same everywhere", "[docs]") {
  const std::string version =
      all(read("CMakeLists.txt"), R"rx(project\(chatvim VERSION ([0-9.]+))rx").front();
  check_names(read("CHANGELOG.md"), "\n## " + version);
  check_names(read("lua/chatvim/program/process.lua"), "M.VERSION = \"" + version + "\"");

  const std::string header = read("src/editor/protocol.hpp");
  const std::string protocol = all(header, R"rx(kProtocolVersion = ([0-9]+);)rx").front();
  check_names(read("lua/chatvim/program/process.lua"), "M.PROTOCOL = " + protocol + "\n");
  check_names(read("doc/protocol.md"), "Protocol version " + protocol + ".");
}
