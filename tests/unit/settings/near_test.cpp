// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <set>
#include <string>
#include <string_view>

#include "chatvim/settings/near.hpp"
#include "chatvim/settings/schema.hpp"
#include "chatvim/settings/settings.hpp"

namespace chatvim::settings {

TEST_CASE("Two edits are near, three are not") {
  CHECK(near_distance("model", "model") == 0);
  CHECK(near_distance("Model", "model") == 0);
  CHECK(near_distance("modle", "model") == 1);
  CHECK(near_distance("mdel", "model") == 1);
  CHECK(near_distance("moodel", "model") == 1);
  CHECK(near_distance("modem", "model") == 1);
  CHECK(near_distance("max-token", "max_tokens") == 2);
  CHECK(near_distance("maxTokens", "max_tokens") == 1);
  CHECK(near_distance("user_delimiter", "userDelimiter") == 1);
  CHECK(near_distance("abcde", "model") == 3);
  CHECK(near_distance("", "stop") == 3);
  CHECK(near_distance(std::string(100000, 'x'), "stop") == 3);
  CHECK_FALSE(is_near("tokens", "max_tokens"));
  CHECK(is_near("st", "stop"));
}

TEST_CASE("A key near to a setting is a warning with its line and the setting") {
  struct Case {
    const char* key;
    const char* known;
  };
  for (const Case& c :
       {Case{"modle", "model"}, Case{"models", "model"}, Case{"temprature", "temperature"},
        Case{"max_token", "max_tokens"}, Case{"user_delimiter", "userDelimiter"},
        Case{"TOP_P", "top_p"}, Case{"provder", "provider"}, Case{"sed", "seed"},
        Case{"reasonign_efort", "reasoning_effort"}}) {
    const std::string text = std::string("title = 1\n  ") + c.key + " = 'x'\n";
    const Layer layer = read_layer(Language::kToml, text, 2, Scope::kDocument);
    INFO(c.key);
    REQUIRE(layer.diagnostics.size() == 1);
    CHECK(layer.usable());
    CHECK(layer.diagnostics[0].severity == Severity::kWarning);
    CHECK(layer.diagnostics[0].at.line == 3);
    CHECK(layer.diagnostics[0].at.column == 3);
    CHECK(layer.diagnostics[0].message.find(c.key) != std::string::npos);
    CHECK(layer.diagnostics[0].message.find(std::string("mean ") + c.known + "?") !=
          std::string::npos);
  }
}

TEST_CASE("Keys of others are left alone") {
  for (const char* key :
       {"title",      "tags",        "date", "author", "draft", "layout",  "slug",
        "categories", "description", "lang", "id",     "type",  "aliases", "weight",
        "keywords",   "summary",     "css",  "url",    "to",    "st"}) {
    const std::string text = std::string(key) + ": x\n";
    INFO(key);
    CHECK(read_layer(Language::kYaml, text, 2, Scope::kDocument).diagnostics.empty());
  }
}

TEST_CASE("Only the settings themselves are looked at, not what is inside somebody else's table") {
  const char* text = "[other]\nmodle = 1\nbase_url = 'x'\n[body]\nmodle = 1\n";
  CHECK(read_layer(Language::kToml, text, 2, Scope::kDocument).diagnostics.empty());
}

TEST_CASE("The schema names every setting once, each with a sentence") {
  for (const auto options : {schema(), provider_schema()}) {
    std::set<std::string_view> names;
    for (const Option& option : options) {
      INFO(option.name);
      CHECK(names.insert(option.name).second);
      CHECK(option.about.ends_with('.'));
      CHECK(find_option(options, option.name) == &option);
      CHECK(find_near_option(options, option.name) == &option);
    }
  }
  CHECK(find_option(schema(), "modle") == nullptr);
}

}  // namespace chatvim::settings
