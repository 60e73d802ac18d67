// SPDX-License-Identifier: Apache-2.0
// The code blocks of an answer.
#include "chatvim/patch/blocks.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "chatvim/document/format.hpp"
#include "chatvim/document/reader.hpp"
#include "chatvim/text/lines.hpp"

namespace chatvim::patch {
namespace {

const std::string kAnswer = "\n\n# === ASSISTANT ===\n\n";

std::vector<Block> blocks_of(const std::string& chat,
                             std::optional<std::size_t> row = std::nullopt) {
  const auto messages = document::read_messages(text::split_buffer(chat), {});
  auto blocks = read_blocks(messages, row);
  INFO(chat);
  REQUIRE(blocks);
  return *blocks;
}

std::string error_of(const std::string& chat, std::optional<std::size_t> row) {
  const auto blocks = read_blocks(document::read_messages(text::split_buffer(chat), {}), row);
  return blocks ? "" : blocks.error().message;
}

}  // namespace

TEST_CASE("blocks have their rows, text, language and path", "[patch]") {
  const auto blocks = blocks_of("Q" + kAnswer +
                                "src/a.c\n"
                                "\n"
                                "```c\n"
                                "int a;\n"
                                "\n"
                                "```\n"
                                "Then\n"
                                "  ~~~~ sh run.sh\n"
                                "  ls\n"
                                "```\n"
                                "  ~~~~\n"
                                "    ```\n"
                                "    indented\n"
                                "```c\n"
                                "cut off");
  REQUIRE(blocks.size() == 2);
  CHECK(blocks[0].first == 6);
  CHECK(blocks[0].last == 10);
  CHECK(blocks[0].text == "int a;\n");
  CHECK(blocks[0].language == "c");
  CHECK(blocks[0].path == "src/a.c");
  CHECK(blocks[0].path_from == PathSource::kLabel);
  CHECK(blocks[0].kind == Kind::kText);
  CHECK(blocks[1].first == 11);
  CHECK(blocks[1].text == "ls\n```");
  CHECK(blocks[1].path == "run.sh");
  CHECK(blocks[1].path_from == PathSource::kInfo);
}

TEST_CASE("the answer is the one that holds the row, or the last", "[patch]") {
  const std::string chat = "Q" + kAnswer + "```\none\n```\n\n# === USER ===\n\nMore" + kAnswer +
                           "<details><summary>Reasoning</summary>\n\n```\nno\n```\n\n</details>\n\n"
                           "```\ntwo\n```\n\n# === USER ===\n\n";
  CHECK(blocks_of(chat).front().text == "two");
  CHECK(blocks_of(chat).size() == 1);
  for (const std::size_t row : {2, 4, 6}) CHECK(blocks_of(chat, row).front().text == "one");
  for (const std::size_t row : {12, 14, 17, 23, 28}) {
    CHECK(blocks_of(chat, row).front().text == "two");
  }
  CHECK(error_of(chat, 10) == "Put the cursor on an answer: only answers have blocks to apply.");
  CHECK(error_of(chat, 0) == "Put the cursor on an answer: only answers have blocks to apply.");
}

TEST_CASE("a diff is recognized and divided by files", "[patch]") {
  const auto blocks = blocks_of("Q" + kAnswer +
                                "`src/other.c`:\n"
                                "```diff\n"
                                "diff --git a/src/a.c b/src/a.c\n"
                                "--- a/src/a.c\n"
                                "+++ b/src/a.c\n"
                                "@@ -1 +1 @@\n"
                                "-a\n"
                                "+b\n"
                                "diff --git a/src/b.c b/src/b.c\n"
                                "--- /dev/null\n"
                                "+++ b/src/b.c\n"
                                "@@ -0,0 +1 @@\n"
                                "+b\n"
                                "```\n"
                                "```\n"
                                "@@ ... @@\n"
                                "-a\n"
                                "+b\n"
                                "```\n");
  REQUIRE(blocks.size() == 3);
  CHECK(blocks[0].path == "src/a.c");
  CHECK(blocks[0].path_from == PathSource::kDiff);
  CHECK(blocks[1].path == "src/b.c");
  CHECK(blocks[1].text.starts_with("diff --git a/src/b.c"));
  CHECK(blocks[1].first == blocks[0].first);
  CHECK(blocks[2].kind == Kind::kDiff);
  CHECK(blocks[2].path.empty());
}

TEST_CASE("each file of a diff is a part, also without the lines with paths", "[patch]") {
  const std::string hunk = "@@ -1 +1 @@\n-a\n+b\n";
  const std::string headed = "--- a/x.c\n+++ b/x.c\n" + hunk;
  const std::string bare = "diff --git a/y.c b/y.c\nindex 1..2 100644\n" + hunk;
  for (const std::string& diff :
       {headed + bare, bare + headed, bare + "diff --git a/x.c b/x.c\n" + hunk}) {
    INFO(diff);
    const auto blocks = blocks_of("Q" + kAnswer + "```diff\n" + diff + "```\n");
    REQUIRE(blocks.size() == 2);
    const bool is_first = diff.starts_with("---");
    CHECK(blocks[0].path == (is_first ? "x.c" : "y.c"));
    CHECK(blocks[1].path == (is_first ? "y.c" : "x.c"));
    for (const auto& block : blocks) CHECK(block.text.find("@@ -") == block.text.rfind("@@ -"));
  }
}

TEST_CASE("a block belongs to the file that the user quoted", "[patch]") {
  const std::string quote = "src/a.c:3-4\n```c\nint a;\nint b;\n```\n";
  const std::string block = kAnswer + "```c\nint c;\n```";
  const auto one = blocks_of(quote + block).front();
  CHECK(one.path == "src/a.c");
  CHECK(one.path_from == PathSource::kQuote);
  CHECK(one.quoted == "int a;\nint b;");
  // An embed names a file too, but quotes none of its lines.
  const auto embedded = blocks_of("![](src/a.c#L3-L4)\n" + block).front();
  CHECK(embedded.path == "src/a.c");
  CHECK_FALSE(embedded.quoted);
  // Two files, two quotes of one, and a path of its own.
  CHECK(blocks_of(quote + "\n![](b.c)\n" + block).front().path.empty());
  const auto twice = blocks_of(quote + "\n" + quote + block).front();
  CHECK(twice.path == "src/a.c");
  CHECK_FALSE(twice.quoted);
  const auto named = blocks_of(quote + kAnswer + "a.c\n```c\nint c;\n```").front();
  CHECK(named.path == "a.c");
  CHECK(named.quoted == "int a;\nint b;");
  CHECK_FALSE(blocks_of(quote + kAnswer + "b.c\n```c\nint c;\n```").front().quoted);
  // The nearest message that quotes it counts.
  const std::string earlier = quote + kAnswer + "Ok.\n\n# === USER ===\n\nAnd now?" + block;
  CHECK(blocks_of(earlier).front().quoted == "int a;\nint b;");
}

TEST_CASE("a call of files.propose is a block", "[patch]") {
  const auto call = [](const std::string& arguments, const std::string& result) {
    return "<details><summary>Step 1: files.propose</summary>\n\n```json id\n" + arguments +
           "\n```\n\n```text " + result + "\nOk.\n```\n\n</details>\n\n";
  };
  const auto blocks = blocks_of(
      "Q" + kAnswer + "Text.\n\n" + call(R"({"path":"a.c","text":"int a;\nint b;\n"})", "result") +
      call(R"({"path":"b.c","diff":"@@ @@\n-a\n+b"})", "result") +
      call(R"({"path":"c.c","text":"x","diff":"y"})", "error") + "```\nx\n```");
  REQUIRE(blocks.size() == 3);
  CHECK(blocks[0].first == 6);
  CHECK(blocks[0].last == 17);
  CHECK(blocks[0].path == "a.c");
  CHECK(blocks[0].path_from == PathSource::kTool);
  CHECK(blocks[0].kind == Kind::kWhole);
  CHECK(blocks[0].text == "int a;\nint b;");
  CHECK(blocks[1].kind == Kind::kDiff);
  CHECK(blocks[2].text == "x");
}

}  // namespace chatvim::patch
