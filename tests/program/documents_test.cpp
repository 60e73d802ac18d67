// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <string>

#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing {

namespace {

Json document_cases() {
  std::ifstream file(CHATVIM_TEST_DATA "/document-cases.json");
  return Json::parse(file);
}

/// Expects a diagnostic of this severity, at the case's position and containing the case's word.
void check_diagnostic(const Json& diagnostics, const std::string& severity, const Json& wanted) {
  REQUIRE(diagnostics.size() == 1);
  const Json& diagnostic = diagnostics.at(0);
  CHECK(diagnostic.at("severity") == severity);
  if (wanted.contains("line")) CHECK(diagnostic.at("line") == wanted.at("line"));
  CHECK(diagnostic.at("column").get<int>() >= 1);
  CHECK(diagnostic.at("message").get<std::string>().find(wanted.value("names", "")) !=
        std::string::npos);
}

/// Returns the messages with only what is sent: role and text.
Json texts_of(const Json& messages) {
  Json texts = Json::array();
  for (const Json& one : messages) {
    texts.push_back({{"role", one.at("role")}, {"content", one.at("content")}});
  }
  return texts;
}

/// Returns a case's document as a file; some are given as buffer lines.
std::string document_of(const Json& one) {
  if (one.contains("document")) return one.at("document");
  std::string text;
  for (const std::string line : one.at("document_lines")) text += line + "\n";
  return text;
}

}  // namespace

TEST_CASE("messages prints the messages of a document", "[messages]") {
  const Home home;
  const Json cases = document_cases();
  REQUIRE(cases.size() > 30);
  for (const Json& one : cases) {
    INFO(one.at("name").get<std::string>());
    const std::string path = home.file("chat.md", document_of(one));
    const Run run = home.run({"messages", "--file", path});
    const bool refused = one.contains("error");
    CHECK(run.code == (refused ? 2 : 0));
    const Json printed = Json::parse(run.out);
    if (refused) {
      check_diagnostic(printed.at("diagnostics"), "error", one.at("error"));
      CHECK(printed.at("messages").empty());
      continue;
    }
    CHECK(texts_of(printed.at("messages")) == one.at("messages"));
    if (one.contains("settings")) CHECK(printed.at("settings") == one.at("settings"));
    const char* key = one.contains("text_warning") ? "text_warning" : "warning";
    if (one.contains(key)) {
      check_diagnostic(printed.at("diagnostics"), "warning", one.at(key));
    } else {
      CHECK(printed.at("diagnostics").empty());
    }
  }
}

TEST_CASE("standard input is read like a file", "[messages]") {
  const Home home;
  const std::string document = "+++\ntemperature = 0.5\n+++\r\nhi\r\n# === ASSISTANT ===\nyo";
  const Run from_file = home.run({"messages", "--file", home.file("chat.md", document)});
  const Run from_input = home.run({"messages"}, document);
  CHECK(from_input.code == 0);
  CHECK(from_input.out == from_file.out);
  CHECK(Json::parse(from_input.out).at("messages").size() == 2);
}

TEST_CASE("a document with an error is not sent and not changed", "[messages]") {
  Standin standin;
  const Home home(standin);
  for (const Json& one : document_cases()) {
    if (!one.contains("error")) continue;
    INFO(one.at("name").get<std::string>());
    const std::string document = document_of(one);
    const std::string path = home.file("chat.md", document);
    const Run run = home.run({"complete", "--write", "--file", path});
    CHECK(run.code == 2);
    CHECK(run.err.find(path) != std::string::npos);
    if (one.at("error").contains("line")) {
      const auto line = "ine " + std::to_string(one.at("error").at("line").get<int>());
      CHECK(run.err.find(line) != std::string::npos);
    }
    CHECK(home.read("chat.md") == document);
    CHECK(home.run({"request", "--file", path}).code == 2);
    CHECK(home.run({"log", "q", "--file", path}).code == 2);
    CHECK(home.read("chat.md") == document);
  }
  CHECK(standin.requests().empty());
}

TEST_CASE("a warning is printed and the document is used", "[messages]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"fine"})}));
  const Run run = home.run({"complete"}, "+++\ntemperatur = 1\n+++\nhi");
  CHECK(run.code == 0);
  CHECK(run.out == printed("fine"));
  CHECK(run.err.find("temperature") != std::string::npos);
}

}  // namespace chatvim::testing
