// SPDX-License-Identifier: Apache-2.0
#include "chatvim/document/embed.hpp"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "document_generators.hpp"

namespace chatvim::document {

static bool operator==(const Embed& left, const Embed& right) {
  return left.line == right.line && left.offset == right.offset && left.size == right.size &&
         left.label == right.label && left.target == right.target;
}

namespace {

struct Line {
  const char* text;
  const char* label;
  const char* target;
};

/// Lines that are embeds.
const std::vector<Line> kEmbeds = {
    {"![](a.md)", "", "a.md"},
    {"![the plan](a.md)", "the plan", "a.md"},
    {"   ![](a.md)", "", "a.md"},
    {"![](a.md) \t ", "", "a.md"},
    {"![]( \ta.md\t )", "", "a.md"},
    // Labels.
    {"![a [b] c](d)", "a [b] c", "d"},
    {"![a [b](c) d](e)", "a [b](c) d", "e"},
    {"![a ![b](c) d](e)", "a ![b](c) d", "e"},
    {R"(![a \] b](c))", "a ] b", "c"},
    {R"(![a \[ b](c))", "a [ b", "c"},
    {R"(![a\\](c))", "a\\", "c"},
    {"![ü 🙂](é)", "ü 🙂", "é"},
    // Targets.
    {"![](my file.md)", "", "my file.md"},
    {"![](a (1).png)", "", "a (1).png"},
    {"![](a (b (c)))", "", "a (b (c))"},
    {R"(![](a\(b))", "", "a(b"},
    {R"(![](a\)b))", "", "a)b"},
    {R"(![](a\\))", "", "a\\"},
    {R"(![](C:\dir\b.md))", "", R"(C:\dir\b.md)"},
    {R"(![](\*\_\~.md))", "", "*_~.md"},
    {"![](src/*.cpp)", "", "src/*.cpp"},
    {"![](file.lua#L10-L40)", "", "file.lua#L10-L40"},
    {"![](https://example.org/a.png?b=c&d)", "", "https://example.org/a.png?b=c&d"},
    {"![](<a b)c.md>)", "", "a b)c.md"},
    {R"(![](<a\>b>))", "", "a>b"},
    {R"(![](<a\<b>))", "", "a<b"},
    {"![](< a >)", "", " a "},
    {"![](a<b>)", "", "a<b>"},
    // Titles.
    {R"(![](a.md "title"))", "", "a.md"},
    {R"(![](a.md 'it is "so"'))", "", "a.md"},
    {R"(![](a.md "a \" b"))", "", "a.md"},
    {R"(![](a.md "with ) in it"))", "", "a.md"},
    {R"(![](my file.md "title"))", "", "my file.md"},
    {R"(![](<my file.md> 'title'))", "", "my file.md"},
    {R"(![](a.md ""))", "", "a.md"},
    {R"(![](it's.md))", "", "it's.md"},
    {R"(![]("a"))", "", R"("a")"},
    {R"(![](a"b"))", "", R"(a"b")"},
    {R"(![](a (title)))", "", "a (title)"},
    // Nothing in it: said by the one who reads it.
    {"![]()", "", ""},
    {"![]( )", "", ""},
    {"![](<>)", "", ""},
};

/// Lines that are none.
const std::vector<std::string> kOthers = {
    "",
    "[a](b)",
    "a ![](b)",
    "![](b) a",
    "![](b).",
    "![](a)![](b)",
    "![](a) ![](b)",
    "![](a) (b)",
    "    ![](b)",
    "\t![](b)",
    "  \t![](b)",
    "> ![](b)",
    "- ![](b)",
    R"(\![](b))",
    R"(!\[](b))",
    R"(![\](b))",
    R"(![]\(b))",
    R"(![](b\))",
    "! [](b)",
    "![] (b)",
    "![][b]",
    "![b]",
    "![](b",
    "![](",
    "![",
    "![(b)",
    "![a [b](c)",
    "![a] b](c)",
    "![](a(b)",
    "![](a)b)",
    "![](<a)",
    "![](<a>b)",
    "![](<a>b>)",
    "![](<a<b>)",
    R"(![](<a>"b"))",
    "`![](b)`",
    "<!-- ![](b) -->",
};

TEST_CASE("embed: lines that are one") {
  for (const Line& line : kEmbeds) {
    INFO(line.text);
    const auto embeds = find_embeds(line.text);
    REQUIRE(embeds.size() == 1);
    CHECK(embeds[0].label == line.label);
    CHECK(embeds[0].target == line.target);
    CHECK(embeds[0].offset == 0);
    CHECK(embeds[0].size == std::string(line.text).size());
  }
}

TEST_CASE("embed: lines that are none") {
  for (const std::string& line : kOthers) {
    INFO(line);
    CHECK(find_embeds(line).empty());
    CHECK(find_embeds("a\n" + line + "\nb").empty());
  }
}

TEST_CASE("embed: places in a message") {
  const auto embeds = find_embeds("Look:\n![a](b)\n\n  ![c](d)  \nend\n![e](f)");
  REQUIRE(embeds.size() == 3);
  CHECK(embeds[0] == Embed{1, 6, 7, "a", "b"});
  CHECK(embeds[1] == Embed{3, 15, 11, "c", "d"});
  CHECK(embeds[2] == Embed{5, 31, 7, "e", "f"});
}

TEST_CASE("embed: a link does not go on over lines") {
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

/// What messages with embeds are made of.
rc::Gen<std::string> message() {
  return testing::text_of({"\n",      "\n",       "![",   "](",          ")",
                           "[",       "]",        "(",    "<",           ">",
                           "\"",      "'",        "\\",   " ",           "    ",
                           "\t",      "a",        "b.md", "\n![a](b)\n", "\n![](<c d> \"e\")\n",
                           "\n```\n", "\n~~~~\n", "```",  "\n   ```x\n", "ü"});
}

TEST_CASE("embed: offset and size give the line back, and no code does") {
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

TEST_CASE("embed: every line outside of code that is one alone is found") {
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

TEST_CASE("embed: what comes later changes nothing") {
  CHECK(testing::holds("later", 1000, [] {
    const std::string text = *message();
    const auto before = find_embeds(text);
    auto after = find_embeds(text + "\n" + *message());
    RC_ASSERT(after.size() >= before.size());
    after.resize(before.size());
    RC_ASSERT(after == before);
  }));
}

TEST_CASE("embed: hostile text takes time that grows with its size alone") {
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
  CHECK(taken.count() < 30);  // about a second; one of them squared would take hours
}

}  // namespace
}  // namespace chatvim::document
