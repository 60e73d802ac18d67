// SPDX-License-Identifier: Apache-2.0
#include "chatvim/document/embed.hpp"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document_generators.hpp"
#include "embed/target.hpp"

namespace chatvim::document {

static bool operator==(const Embed& left, const Embed& right) {
  return left.line == right.line && left.offset == right.offset && left.size == right.size &&
         left.label == right.label && left.target == right.target;
}

namespace {

/// Returns the cases of the specification (doc/format.md).
nlohmann::json cases() {
  std::ifstream in(std::string(CHATVIM_TEST_DATA) + "/embed-targets.json", std::ios::binary);
  REQUIRE(in);
  return nlohmann::json::parse(in);
}

TEST_CASE("embed: lines that are embeds") {
  const auto all = cases()["embeds"];
  REQUIRE(all.size() > 40);
  for (const auto& one : all) {
    const auto line = one["line"].get<std::string>();
    INFO(line);
    const auto embeds = find_embeds(line);
    REQUIRE(embeds.size() == 1);
    CHECK(embeds[0].label == one["label"].get<std::string>());
    CHECK(embeds[0].target == one["target"].get<std::string>());
    CHECK(embeds[0].offset == 0);
    CHECK(embeds[0].size == line.size());
  }
}

TEST_CASE("embed: lines that are not embeds") {
  const auto all = cases()["others"].get<std::vector<std::string>>();
  REQUIRE(all.size() > 30);
  for (const std::string& line : all) {
    INFO(line);
    CHECK(find_embeds(line).empty());
    CHECK(find_embeds("a\n" + line + "\nb").empty());
  }
}

/// Returns a candidate in the notation of the cases: a path, or a path with its first and last
/// line.
nlohmann::json as_json(const embed::Candidate& candidate) {
  if (!candidate.range) return candidate.path;
  return {candidate.path, candidate.range->first, candidate.range->last};
}

TEST_CASE("embed: targets are parsed") {
  const std::map<std::string, std::string, std::less<>> variables = {
      {"HOME", "/h/me"}, {"DIR", "/d"}, {"ODD", "/o[1]*"}, {"EMPTY", ""}};
  const auto environment = [&](std::string_view name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  const auto all = cases();
  REQUIRE(all["paths"].size() > 30);
  for (const auto& one : all["paths"]) {
    INFO(one["target"]);
    const auto target =
        embed::read_target(one["target"].get<std::string>(), "/c/chat", environment);
    REQUIRE(target);
    CHECK(target->address.empty());
    nlohmann::json means = nlohmann::json::array();
    for (const auto& candidate : target->candidates) means.push_back(as_json(candidate));
    CHECK(means == one["means"]);
    CHECK(target->pattern == one.value("pattern", ""));
  }
  for (const auto& one : all["errors"]) {
    INFO(one);
    CHECK_FALSE(embed::read_target(one.get<std::string>(), "/c/chat", environment));
  }
  for (const auto& one : all["addresses"]) {
    const auto target = embed::read_target(one.get<std::string>(), "/c/chat", environment);
    REQUIRE(target);
    CHECK(target->address == one.get<std::string>());
  }
}

TEST_CASE("embed: positions in a message") {
  const auto embeds = find_embeds("Look:\n![a](b)\n\n  ![c](d)  \nend\n![e](f)");
  REQUIRE(embeds.size() == 3);
  CHECK(embeds[0] == Embed{1, 6, 7, "a", "b"});
  CHECK(embeds[1] == Embed{3, 15, 11, "c", "d"});
  CHECK(embeds[2] == Embed{5, 31, 7, "e", "f"});
}

TEST_CASE("embed: a link must be on a single line") {
  CHECK(find_embeds("![a\nb](c)").empty());
  CHECK(find_embeds("![a](\nc)").empty());
  CHECK(find_embeds("![a](c\n\"title\")").empty());
}

TEST_CASE("embed: not in fenced code") {
  CHECK(find_embeds("```\n![](a)\n```").empty());
  CHECK(find_embeds("~~~~ md\n![](a)\n~~~\n![](b)").empty());
  CHECK(find_embeds("   ```\n![](a)").empty());
  CHECK(find_embeds("```\n![](a)\n```\n![](b)\n```\n![](c)\n```") ==
        std::vector<Embed>{{3, 15, 6, "", "b"}});
  CHECK(find_embeds("``\n![](a)").size() == 1);
  CHECK(find_embeds("``` a`b\n![](a)").size() == 1);
}

/// Generates messages from the tokens that embeds and code blocks consist of.
rc::Gen<std::string> message() {
  return testing::text_of({"\n",      "\n",       "![",   "](",          ")",
                           "[",       "]",        "(",    "<",           ">",
                           "\"",      "'",        "\\",   " ",           "    ",
                           "\t",      "a",        "b.md", "\n![a](b)\n", "\n![](<c d> \"e\")\n",
                           "\n```\n", "\n~~~~\n", "```",  "\n   ```x\n", "ü"});
}

TEST_CASE("embed: not in code inside a list item") {
  CHECK(find_embeds("- ```\n  ![](a)\n  ```").empty());
  CHECK(find_embeds("1. ~~~ md\n   ![](a)\n\n   ![](b)\n   ~~~").empty());
  CHECK(find_embeds("  *  ```\n     ![](a)\n     ```\n![](b)").size() == 1);
  CHECK(find_embeds("- ```\n  ```\n\n  ![](a)").size() == 1);
  // The code ends where the list item ends.
  CHECK(find_embeds("- ```\n  ![](a)\n![](b)").size() == 1);
  CHECK(find_embeds("- ```\n  x\n```\n![](a)\n```").empty());
  CHECK(find_embeds("- ```\n  ![](a)\n- ```\n  ![](b)").empty());
  // No list marker, or no fence after it.
  CHECK(find_embeds("-```\n  ![](a)").size() == 1);
  CHECK(find_embeds("-      ```\n   ![](a)").size() == 1);
  CHECK(find_embeds("1234567890. ```\n   ![](a)").size() == 1);
  CHECK(find_embeds("- text\n  ![](a)\n-").size() == 1);
}

TEST_CASE("embed: offset and size match the line, which is never in code") {
  CHECK(testing::holds("places", 2000, [] {
    const std::string text = *message();
    const auto lines = testing::buffer_lines(text);
    std::size_t offset = 0;
    std::size_t line = 0;
    for (const Embed& embed : find_embeds(text)) {
      for (; line < embed.line; ++line) offset += lines[line].size() + 1;
      RC_ASSERT(embed.offset == offset);
      RC_ASSERT(text.substr(embed.offset, embed.size) == lines[line]);
      const auto alone = find_embeds(lines[line]);
      RC_ASSERT(alone.size() == 1u);
      RC_ASSERT(alone[0].target == embed.target);
      RC_ASSERT(testing::open_fence(text.substr(0, offset)).empty());
    }
  }));
}

TEST_CASE("embed: every embed line outside code is found") {
  CHECK(testing::holds("all", 1000, [] {
    const std::string text = *message();
    const auto embeds = find_embeds(text);
    std::size_t found = 0;
    std::size_t offset = 0;
    for (const auto line : testing::buffer_lines(text)) {
      if (testing::open_fence(text.substr(0, offset)).empty()) found += find_embeds(line).size();
      offset += line.size() + 1;
    }
    RC_ASSERT(found == embeds.size());
  }));
}

TEST_CASE("embed: later text does not affect earlier embeds") {
  CHECK(testing::holds("later", 1000, [] {
    const std::string text = *message();
    const auto before = find_embeds(text);
    auto after = find_embeds(text + "\n" + *message());
    RC_ASSERT(after.size() >= before.size());
    after.resize(before.size());
    RC_ASSERT(after == before);
  }));
}

TEST_CASE("embed: hostile text takes linear time") {
  constexpr std::size_t kSize = 5'000'000;
  const auto repeated = [](const std::string& piece) {
    std::string text;
    while (text.size() < kSize) text += piece;
    return text;
  };
  const std::vector<std::string> texts = {
      repeated("!["),
      repeated("![") + ")",
      "![](" + repeated("("),
      "![](" + repeated("(") + ")",
      "![](" + repeated("()") + ")",
      "![](" + repeated("\\\"") + "\")",
      "![](" + repeated("\\") + ")",
      "![](" + repeated("\" ") + "\")",
      "![](<" + repeated("\\>") + ">)",
      "![" + repeated("[]") + "](a)",
      "![" + repeated("\\]") + "](a)",
      repeated("![](a)"),
      repeated("![](a)\n"),
      repeated("```\n![](a)\n"),
      repeated("`") + "\n![](a)" + repeated("\n"),
      repeated(" ") + "![](a)",
      "![](a)" + repeated(" "),
  };
  const auto start = std::chrono::steady_clock::now();
  for (const std::string& text : texts) find_embeds(text);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  CHECK(taken.count() < 30);  // takes about a second; quadratic time would be hours
}

}  // namespace
}  // namespace chatvim::document
