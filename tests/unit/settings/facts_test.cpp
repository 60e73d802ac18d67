// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "chatvim/settings/settings.hpp"

namespace chatvim::settings {
namespace {

Layer read(const std::string& text, Scope scope = Scope::kConfiguration) {
  return read_layer(Language::kToml, text, 1, scope);
}

TEST_CASE("a configuration corrects what is known of models", "[settings]") {
  const Layer layers[] = {
      read("[facts.\"local/m\"]\ncontext = 4096\nprice = {input = 1, output = 2.5}\n"),
      read("[facts.\"local/m\"]\nimages = true\nprice = {input = 3}\n")};
  for (const Layer& layer : layers) CHECK(layer.diagnostics.empty());
  const Settings settings(layers);
  CHECK(settings.facts().at("local/m") ==
        Json::parse(R"({"context":4096,"price":{"input":3,"output":2.5},"images":true})"));
}

TEST_CASE("a mistake in what is said of a model is told at its place", "[settings]") {
  struct Case {
    std::string text;
    int line;
    std::string part;
  };
  const Case cases[] = {
      {"[facts.gpt]\ncontext = 1\n", 1, "PROVIDER/NAME"},
      {"[facts.\"a/b\"]\ncontxt = 1\n", 2, "did you mean context?"},
      {"[facts.\"a/b\"]\ncontext = 0\n", 2, "1 or more"},
      {"[facts.\"a/b\"]\nimages = \"yes\"\n", 2, "true or false"},
      {"[facts.\"a/b\"]\nprice = {inptu = 1}\n", 2, "input, output and cached_input"},
      {"[facts.\"a/b\"]\nprice = {input = -1}\n", 2, "a number from 0"},
      {"[facts.\"a/b\"]\nprice = {input = \"1\"}\n", 2, "a number from 0"},
      {"facts = 3\n", 1, "a table"},
  };
  for (const Case& one : cases) {
    INFO(one.text);
    const Layer layer = read(one.text);
    REQUIRE(layer.diagnostics.size() == 1);
    CHECK_FALSE(layer.usable());
    CHECK(layer.diagnostics[0].at.line == one.line);
    CHECK(layer.diagnostics[0].message.find(one.part) != std::string::npos);
  }
  CHECK_FALSE(read("[facts.\"a/b\"]\ncontext = 1\n", Scope::kDocument).usable());
}

}  // namespace
}  // namespace chatvim::settings
