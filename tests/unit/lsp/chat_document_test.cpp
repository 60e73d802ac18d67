// SPDX-License-Identifier: Apache-2.0
#include "lsp/chat_document.hpp"

#include <catch2/catch_test_macros.hpp>
#include <random>
#include <string>
#include <vector>

namespace chatvim::lsp::chat_document_test {
namespace {

const Environment kNothing = [](std::string_view) { return std::nullopt; };

ChatDocument document(std::string_view text, const std::string& uri = "file:///x/notes.md") {
  return {uri, 1, text, {kNothing, "", {}}};
}

std::vector<std::size_t> starts(ChatDocument& chat) {
  std::vector<std::size_t> lines;
  for (const Section& section : chat.sections()) lines.push_back(section.start);
  return lines;
}

TEST_CASE("a document is a chat by its delimiters, its front matter or its name", "[lsp]") {
  struct Row {
    const char* text;
    bool is_chat;
  };
  for (const Row& row :
       {Row{"", false}, Row{"# User\n\nhi", false}, Row{"# === USER ===", true},
        Row{"text\n# === ASSISTANT ===  \r\n", true}, Row{"+++\nmodel = \"x\"\n+++\n", true},
        Row{"---\n\"model\": x\n---\n", true}, Row{"---\ntitle: model\n---\n", false},
        Row{"+++\nmodel = \"x\"\n", false}, Row{"+++\nuserDelimiter = \"U:\"\n+++\nU:\n", true}}) {
    INFO(row.text);
    CHECK(document(row.text).is_chat() == row.is_chat);
  }
  CHECK(document("", "file:///x/chat-2026.md").is_chat());
  CHECK_FALSE(document("", "untitled:chat-2026.md").is_chat());
}

TEST_CASE("sections follow random edits", "[lsp]") {
  std::mt19937 random(181129);
  const auto below = [&random](std::size_t limit) { return random() % (limit + 1); };
  const std::vector<std::string> pieces = {"x",
                                           "\n",
                                           "# === USER ===",
                                           "\n# === USER ===\n",
                                           "\n# === ASSISTANT ===\n",
                                           "+++\n",
                                           "\n+++\n",
                                           "userDelimiter = \"# U\"\n",
                                           "# U\n",
                                           ""};
  ChatDocument chat = document("+++\nmodel = \"m\"\n+++\n\nhi\n");
  for (int i = 0; i < 3000; ++i) {
    if (chat.text().lines().size() > 60) chat.replace_all("+++\n+++\nhi", i);
    const auto& lines = chat.text().lines();
    const std::size_t first = below(lines.size() - 1);
    const std::size_t last = std::min(lines.size() - 1, first + below(3));
    const Range range{{first, below(lines[first].size())}, {last, below(lines[last].size())}};
    chat.replace(range, pieces[below(pieces.size() - 1)], i);
    ChatDocument fresh = document(chat.text().whole());
    REQUIRE(chat.body_line() == fresh.body_line());
    REQUIRE(chat.is_chat() == fresh.is_chat());
    // While front matter has an error, the delimiters are the last ones that were read.
    if (!fresh.reading().chat) continue;
    REQUIRE(starts(chat) == starts(fresh));
  }
}

TEST_CASE("URIs and paths", "[lsp]") {
  CHECK(path_of_uri("file:///a/b%20c%C3%A9.md") == "/a/b cé.md");
  CHECK(path_of_uri("file://localhost/a") == "/a");
  CHECK(path_of_uri("file://host/a").empty());
  CHECK(path_of_uri("untitled:Untitled-1").empty());
  CHECK(path_of_uri("file:///a%2") == "/a%2");
  CHECK(path_of_uri("file:///%zz") == "/%zz");
  CHECK(uri_of_path("/a/b c#é.md") == "file:///a/b%20c%23%C3%A9.md");
  for (const std::string path : {"/", "/a%20b", "/\xFF", "/ü?#[x]"}) {
    CHECK(path_of_uri(uri_of_path(path)) == path);
  }
}

}  // namespace
}  // namespace chatvim::lsp::chat_document_test
