// SPDX-License-Identifier: Apache-2.0
// The code blocks of an answer, and what they mean for a file: the messages `blocks` and `patch`
// over the channel.
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "editor.hpp"
#include "home.hpp"

namespace chatvim::testing {

namespace {

constexpr const char* kBlocksChat =
    "Rename it.\n"
    "\n"
    "src/main.c:3-4\n"
    "```c\n"
    "int old(void) {\n"
    "  return 1;\n"
    "```\n"
    "\n"
    "# === ASSISTANT ===\n"
    "\n"
    "In `src/main.c`:\n"
    "\n"
    "```c\n"
    "int fresh(void) {\n"
    "  return 1;\n"
    "```\n"
    "\n"
    "# === USER ===\n"
    "\n"
    "Thanks.\n";

Json ask(Editor& editor, const std::string& name, Json map) {
  static int id = 0;
  map["id"] = ++id;
  editor.send(name, map);
  return editor.wait("result", id);
}

}  // namespace

TEST_CASE("blocks lists the code of an answer with its file and quote", "[patch]") {
  const Home home;
  Editor editor(home);
  const Json answer = ask(editor, "blocks", {{"text", kBlocksChat}, {"settings", Json::object()}});
  INFO(answer.dump(2));
  const Json& blocks = answer.at("value").at("blocks");
  REQUIRE(blocks.size() == 1);
  CHECK(blocks[0] == Json({{"first", 12},
                           {"last", 16},
                           {"kind", "text"},
                           {"path", "src/main.c"},
                           {"path_from", "label"},
                           {"language", "c"},
                           {"lines", "int fresh(void) {\n  return 1;"},
                           {"quoted", "int old(void) {\n  return 1;"}}));
  // On a line of the answer, and on one of the user.
  CHECK(ask(editor, "blocks", {{"text", kBlocksChat}, {"row", 14}}).at("value").at("blocks") ==
        blocks);
  CHECK(ask(editor, "blocks", {{"text", kBlocksChat}, {"row", 2}}).at("message") ==
        "Put the cursor on an answer: only answers have blocks to apply.");
  CHECK(ask(editor, "blocks", {{"text", "Hi"}}).at("message") ==
        "There is no answer yet whose code could be applied.");
  CHECK(ask(editor, "blocks", {{"text", "Hi\n# === ASSISTANT ===\nHo"}}).at("message") ==
        "This answer has no code block: ask for the change as one, with the file's path.");
}

TEST_CASE("patch says which lines a block replaces, or why it is not certain", "[patch]") {
  const Home home;
  Editor editor(home);
  const std::string target = "#include <a.h>\n\nint old(void) {\n  return 1;\n}";
  const Json edit = {{"first", 2}, {"last", 3}, {"lines", {"int fresh(void) {"}}};
  const Json edits = {{"edits", Json::array({edit})}};
  const Json quoted = {{"text", target},
                       {"block", "int fresh(void) {\n  return 1;"},
                       {"quoted", "int old(void) {\n  return 1;"}};
  CHECK(ask(editor, "patch", quoted).at("value") == edits);
  const Json diff = {
      {"text", target},
      {"block", "@@ -70,3 +7 @@\n-int old(void) {\n+int fresh(void) {\n   return 1;"},
      {"kind", "diff"}};
  CHECK(ask(editor, "patch", diff).at("value") == edits);
  const Json unknown = ask(editor, "patch", {{"text", target}, {"block", "int other;\nint more;"}});
  CHECK(unknown.at("code") == "bad_arguments");
  CHECK(unknown.at("message") ==
        "The first or last line of the block is not in the file. Select the lines to replace, send "
        "them with :ChatvimSend and ask again.");
}

TEST_CASE("a long target may come in parts", "[patch]") {
  const Home home;
  Editor editor(home);
  editor.send("part", {{"text", "one\ntwo\n"}});
  const Json answer =
      ask(editor, "patch", {{"text", "three\nfour"}, {"block", "one\nTWO\nthree\nfour"}});
  const Json edit = {{"first", 1}, {"last", 2}, {"lines", {"TWO"}}};
  CHECK(answer.at("value") == Json({{"edits", Json::array({edit})}}));
}

}  // namespace chatvim::testing
