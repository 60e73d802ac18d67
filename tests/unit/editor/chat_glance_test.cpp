// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <string_view>

#include "editor/chat_glance.hpp"

namespace chatvim::editor {

namespace {

ChatGlance glance(std::string_view beginning, std::string_view name = "chat-1.md",
                  const document::Format& format = {}) {
  return glance_at_chat(name, beginning, format);
}

std::string question(std::string_view beginning) { return glance(beginning).question; }

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("Only markdown files that are not hidden are examined") {
  CHECK(is_markdown_name("chat-2026-11-25-19-03-22.md"));
  CHECK(is_markdown_name("notes.md"));
  CHECK_FALSE(is_markdown_name(".md"));
  CHECK_FALSE(is_markdown_name(".chat-1.md"));
  CHECK_FALSE(is_markdown_name("chat-1.md~"));
  CHECK_FALSE(is_markdown_name("chat-1.txt"));
  CHECK_FALSE(is_markdown_name("md"));
}

TEST_CASE("A chat is recognized by its name, a delimiter or a model") {
  CHECK(glance("", "chat-1.md").is_chat);
  CHECK(glance("a\n# === ASSISTANT ===\nb\n", "notes.md").is_chat);
  CHECK(glance("a\r\n# === SYSTEM ===  \r\nb\r\n", "notes.md").is_chat);
  CHECK(glance("+++\nmodel = 'm'\n+++\na\n", "notes.md").is_chat);
  CHECK(glance("---\nmodel: m\n---\na\n", "notes.md").is_chat);
  CHECK_FALSE(glance("", "notes.md").is_chat);
  CHECK_FALSE(glance("# A title\n\nmodel = 'm'\n", "notes.md").is_chat);
  CHECK_FALSE(glance("---\ntitle: x\nauthor: model\n---\na\n", "notes.md").is_chat);
  CHECK_FALSE(glance("---\nmodel: m\n", "notes.md").is_chat);
  CHECK_FALSE(glance("a\n\\# === USER ===\nb\n", "notes.md").is_chat);
  CHECK_FALSE(glance("a\n## === USER ===\nb\n", "notes.md").is_chat);
  // Front matter that cannot be parsed sets no model.
  CHECK_FALSE(glance("+++\nmodel = \n+++\na\n", "notes.md").is_chat);
  CHECK_FALSE(glance("+++\nmodel = 3\n+++\na\n", "notes.md").is_chat);
}

TEST_CASE("The question is the first line of the first user message") {
  CHECK(question("\n \t\n  Why?  \nmore\n") == "Why?");
  CHECK(question("# === USER ===\n\nWhy?\n\n# === ASSISTANT ===\n\nSo.\n") == "Why?");
  CHECK(question("# === SYSTEM ===\nBe brief.\n# === USER ===\n\n# === USER ===\nWhy?") == "Why?");
  CHECK(question("# === ASSISTANT ===\nHello.\n\n# === USER ===\nWhy?\n") == "Why?");
  CHECK(question("+++\nmodel = 'm'\n+++\n\nWhy?\n") == "Why?");
  CHECK(question("\xEF\xBB\xBFWhy?\r\nmore\r\n") == "Why?");
  CHECK(question("---\nnot front matter") == "---");
  CHECK(question("\\# === USER ===\n") == "=== USER ===");  // a heading like any other
  CHECK(question("\\\\# === USER ===\n") == "\\# === USER ===");
  CHECK(question("\\section\n") == "\\section");
}

TEST_CASE("A chat may have no question") {
  CHECK(question("").empty());
  CHECK(question("\n \n").empty());
  CHECK(question("# === SYSTEM ===\nBe brief.\n\n# === USER ===\n\n").empty());
  CHECK(question("+++\nmodel = 'm'\n+++\n").empty());
  CHECK(question("# === USER ===\n\x01\x7F\n##\n").empty());
}

TEST_CASE("The question's position is a line number in the file") {
  CHECK(glance("Why?\n").line == 1);
  CHECK(glance("+++\nmodel = 'm'\n+++\n\n# === USER ===\n\nWhy?\n").line == 7);
  CHECK(glance("").line == 1);
}

TEST_CASE("Heading markers are removed, other markup stays") {
  CHECK(question("# Why?\n") == "Why?");
  CHECK(question("###### \tWhy?\n") == "Why?");
  CHECK(question("####### Why?\n") == "####### Why?");
  CHECK(question("#hashtag\n") == "#hashtag");
  CHECK(question("##\nWhy?\n") == "Why?");
  CHECK(question("- Why?\n") == "- Why?");
}

TEST_CASE("The displayed question is a single printable line") {
  CHECK(question("a\x1B[31mb\tc\x07\n") == "a[31mb c");
  CHECK(question("a\xFF\xFE"
                 "b\n") == "a\uFFFD\uFFFDb");
  CHECK(question(std::string_view("a\0b", 3)) == "ab");
  CHECK(question("\xE2\x80\xAEWhy?\n") == "Why?");
  CHECK(question("a\xE2\x80\xA8\n") == "a");
}

TEST_CASE("A long question is cut between characters") {
  CHECK(question(repeated("x", 120)) == repeated("x", 120));
  CHECK(question(repeated("x", 121)) == repeated("x", 119) + "…");
  CHECK(question(repeated("ä", 121)) == repeated("ä", 119) + "…");
  CHECK(question(repeated("空", 20000)) == repeated("空", 119) + "…");
  CHECK(question("a" + repeated("\U0001F600", 20000)) == "a" + repeated("\U0001F600", 118) + "…");
  CHECK(question(repeated("\xFF", 20000)) == repeated("\uFFFD", 119) + "…");
}

TEST_CASE("The document's delimiters override the user's") {
  document::Format format;
  format.user_delimiter = "## You";
  CHECK(glance("x\n## You\n", "notes.md", format).is_chat);
  CHECK(glance("# === SYSTEM ===\na\n## You\nWhy?\n", "notes.md", format).question == "Why?");
  CHECK_FALSE(glance("x\n# === USER ===\n", "notes.md", format).is_chat);
  const std::string own = "---\nuserDelimiter: \"> me\"\n---\n# === SYSTEM ===\na\n> me\nWhy?\n";
  CHECK(glance(own, "notes.md", format).question == "Why?");
  // Invalid front matter sets no delimiters.
  CHECK(
      glance("+++\nuserDelimiter = \n+++\n# === SYSTEM ===\na\n## You\nWhy?\n", "notes.md", format)
          .question == "Why?");
}

TEST_CASE("The title of a chat is one line of its front matter") {
  const auto title = [](std::string_view text, std::string_view name = "chat-1.md") {
    return glance(text, name).title;
  };
  CHECK(title("+++\ntitle = 'The sky'\n+++\na\n") == "The sky");
  CHECK(title("---\ntitle: The sky\nmodel: m\n---\na\n", "notes.md") == "The sky");
  CHECK(title("---\ntitle: The sky\n---\na\n# === USER ===\n", "notes.md") == "The sky");
  CHECK(title("---\ntitle: The sky\n---\na\n", "notes.md").empty());  // no chat
  CHECK(title("---\ntitle: 5\n---\na\n").empty());
  CHECK(title("a\n").empty());
  CHECK(title("+++\ntitle = \"a\\n\\u001B[1m b\"\n+++\n") == "a [1m b");
  CHECK(title("---\ntitle: " + repeated("ü", 300) + "\n---\n") == repeated("ü", 199) + "…");
}

}  // namespace chatvim::editor
