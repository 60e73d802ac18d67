// SPDX-License-Identifier: Apache-2.0
// What the language server says about a chat: hover, diagnostics, symbols, links.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <string>

#include "lsp_questions.hpp"

namespace chatvim::testing::lsp_features_test {

using namespace lsp;

TEST_CASE("hover tells about settings, models, embeds and messages", "[lsp]") {
  Home home;
  home.set("OPENAI_API_KEY", "k");
  std::filesystem::create_directories(home.path("p"));
  home.file("p/a.c", "int main() {}\n");
  LspClient client(home);
  client.initialize();
  const std::string uri =
      client.open("p/chat.md",
                  "+++\nmodel = \"gpt-4.1\"\nseed = 1\n+++\n\nhi\n\n![](a.c)\n\n![](none)\n\n"
                  "# === ASSISTANT ===\n\nhello there\n");
  CHECK(has(hover(client, uri, 1, 2), "**model**: a string"));
  CHECK(has(hover(client, uri, 1, 12), "**openai/gpt-4.1**: openai, 1,047,576 tokens of context"));
  CHECK(has(hover(client, uri, 2, 1), "A parameter of the request"));
  CHECK(has(hover(client, uri, 7, 1), "1 line, 14 bytes, about "));
  CHECK(has(hover(client, uri, 7, 1), "int main() {}"));
  CHECK(has(hover(client, uri, 9, 1), "there is no such file"));
  CHECK(has(hover(client, uri, 11, 1), "**assistant**, about 2 tokens"));
  CHECK(has(hover(client, uri, 11, 1), "About $0.0"));
  CHECK(hover(client, uri, 5, 1).is_null());
  CHECK(hover(client, uri, 0, 0).is_null());
  CHECK(hover(client, uri, 99, 0).is_null());
}

TEST_CASE("a hover shows text as it is", "[lsp]") {
  const Home home;
  std::filesystem::create_directories(home.path("p"));
  home.file("p/a`b.txt", "x\n");
  LspClient client(home);
  client.initialize();
  const std::string uri = client.open(
      "p/chat.md",
      "+++\nmodel = \"openai/![x](https://evil.example/a.png)\"\n+++\n\n![](a`b.txt)\n");
  const std::string model = hover(client, uri, 1, 12);
  CHECK(model.find("![x](") == std::string::npos);
  CHECK(model.find("\\!\\[x\\]\\(") != std::string::npos);
  CHECK(has(hover(client, uri, 4, 1), ("`` " + home.path("p/a`b.txt") + " ``").c_str()) ==
        has(hover(client, uri, 4, 1), "`` "));
}

TEST_CASE("whole folders are offered only if they hold less than everything", "[lsp]") {
  const Home home;
  std::filesystem::create_directories(home.path("p"));
  LspClient client(home);
  client.initialize();
  const auto titles = [&](const std::string& target) {
    const std::string uri = client.open("p/chat.md", "# === USER ===\n\n![](" + target + ")\n");
    const Json found = client.wait("textDocument/publishDiagnostics").at("diagnostics");
    return all(client.request("textDocument/codeAction",
                              {{"textDocument", {{"uri", uri}}},
                               {"range", found.at(0).at("range")},
                               {"context", {{"diagnostics", found}, {"only", {"quickfix"}}}}}),
               "title");
  };
  CHECK(titles("/etc/hostname").size() == 2);
  CHECK(titles("/usr").size() == 1);                   // its folder is the root
  CHECK(titles(home.file("x.txt", "x")).size() == 1);  // the home folder
  std::filesystem::create_directories(home.path(".ssh"));
  CHECK(titles(home.file(".ssh/id_rsa", "x")).size() == 1);
}

TEST_CASE("diagnostics come with what puts them right", "[lsp]") {
  const Home home;
  LspClient client(home);
  client.initialize();
  const std::string uri = client.open("p/chat.md",
                                      "+++\nseed = 1\ntemprature = 1\n+++\n"
                                      "# === USER===\n\n"        // line 4
                                      "\\# == ASSISTANT ==\n\n"  // line 6
                                      "\\# === USER ===\n\n"     // rightly escaped
                                      "# === USER ===\n\n"       // a delimiter
                                      "![](missing.txt)\n\n"     // line 12
                                      "# User\n\n```\ncode\n");  // a heading; line 16
  const Json found = client.wait("textDocument/publishDiagnostics").at("diagnostics");
  CHECK(all(found, "code") ==
        Strings{"front-matter", "near-delimiter", "needless-escape", "embed"});
  CHECK(found[0].at("range") == Json{{"start", place(2, 0)}, {"end", place(2, 14)}});
  CHECK(has(found[3].at("message"), "![](missing.txt): there is no such file"));
  const auto fixes = [&](const Json& diagnostic) {
    return client.request("textDocument/codeAction",
                          {{"textDocument", {{"uri", uri}}},
                           {"range", diagnostic.at("range")},
                           {"context", {{"diagnostics", {diagnostic}}}}});
  };
  const auto first_text = [&](const Json& actions) {
    return actions.at(0).at("edit").at("changes").at(uri).at(0).at("newText");
  };
  CHECK(first_text(fixes(found[0])) == "temperature");
  CHECK(first_text(fixes(found[1])) == "# === USER ===");
  CHECK(first_text(fixes(found[2])) == "# == ASSISTANT ==");
  // Without diagnostics: the fence, and what can be done with the chat.
  Json params = lines(uri, 16, 16);
  params["context"] = {{"diagnostics", Json::array()}};
  const Json actions = client.request("textDocument/codeAction", params);
  CHECK(all(actions, "title") ==
        Strings{"Close the code fence", "Answer this chat", "Fork the chat after this message"});
  CHECK(first_text(actions) == "\n```");
  // Typing changes them.
  client.type(uri, 0, "\n");
  const Json after = client.wait("textDocument/publishDiagnostics").at("diagnostics");
  CHECK(after[0].at("message").get<std::string>().find("Move this +++") == 0);
}

TEST_CASE("a line that begins like a tool call and is none has a diagnostic", "[lsp]") {
  const Home home;
  std::filesystem::create_directories(home.path("p"));
  LspClient client(home);
  client.initialize();
  const std::string call = "<details><summary>Step 1: a</summary>\n\n```json x\n{}\n```\n\n";
  client.open("p/chat.md", std::string(90, '\n') + "# === ASSISTANT ===\n\n" + call +
                               "</details>\n\n" + call + "# === USER ===\n\n" + call);
  const Json found = client.wait("textDocument/publishDiagnostics").at("diagnostics");
  REQUIRE(all(found, "code") == Strings{"broken-block"});
  CHECK(found[0].at("severity") == 2);
  CHECK(found[0].at("range") == Json{{"start", place(100, 0)}, {"end", place(100, 37)}});
  CHECK(has(found[0].at("message"), "Put a backslash before this line"));
}

TEST_CASE("messages are symbols, folds and tokens, and have sizes", "[lsp]") {
  const Home home;
  std::filesystem::create_directories(home.path("p"));
  home.file("p/a.txt", "one\n");
  LspClient client(home);
  client.initialize();
  const std::string uri = client.open("p/chat.md",
                                      "+++\nmodel = \"m\"\n+++\n\nhi\n\n![](a.txt)\n\n"
                                      "# === ASSISTANT ===\n\n## Title\n## \n```\n# no\n```\n\n"
                                      "# === USER ===\n\n");
  const Json symbols = client.request("textDocument/documentSymbol", only(uri));
  CHECK(all(symbols, "name") == Strings{"Front matter", "User: hi", "Assistant: ## Title", "User"});
  CHECK(all(symbols[2].at("children"), "name") == Strings{"Title"});  // "## " has no name
  CHECK(symbols[2].at("range").at("start") == place(8, 0));
  CHECK(client.request("textDocument/foldingRange", only(uri)) ==
        Json::parse(R"([{"startLine":0,"endLine":2,"kind":"region"},
                        {"startLine":8,"endLine":14}])"));
  CHECK(client.request("textDocument/semanticTokens/full", only(uri)).at("data") ==
        Json({8, 0, 19, 0, 4, 8, 0, 14, 0, 2}));
  CHECK(client.request("textDocument/semanticTokens/range", lines(uri, 9, 20)).at("data") ==
        Json({16, 0, 14, 0, 2}));
  CHECK(all(client.request("textDocument/inlayHint", lines(uri, 0, 20)), "label") ==
        Strings{"1 line, 4 bytes, about 7 tokens", "about 10 tokens"});
  CHECK(client.request("textDocument/inlayHint", lines(uri, 9, 20)).empty());
}

TEST_CASE("embeds are links with a definition", "[lsp]") {
  const Home home;
  std::filesystem::create_directories(home.path("p"));
  home.file("p/a b.txt", "one\ntwo\nthree\n");
  home.file("p/other.txt", "x\n");
  std::filesystem::create_symlink("other.txt", home.path("p/link"));
  LspClient client(home);
  client.initialize();
  const std::string uri = client.open(
      "p/chat.md",
      "# === USER ===\n\n![](a b.txt#L2-L3)\n![](https://example.com/a.png)\n![](*.txt)\n"
      "![](none)\n![](./link)\n![](../p/link)\n");
  const Json links = client.request("textDocument/documentLink", only(uri));
  const std::string there = "file://" + home.path("p/a%20b.txt");
  CHECK(all(links, "target") == Strings{there + "#L2", "https://example.com/a.png",
                                        "file://" + home.path("p/link"),
                                        "file://" + home.path("p/other.txt")});
  CHECK(links[0].at("range") == Json{{"start", place(2, 4)}, {"end", place(2, 17)}});
  const auto definition = [&](std::size_t line) {
    return client.request("textDocument/definition", LspClient::at(uri, line, 3));
  };
  CHECK(definition(2) ==
        Json::array({{{"uri", there}, {"range", {{"start", place(1, 0)}, {"end", place(3, 0)}}}}}));
  CHECK(definition(3).empty());
  CHECK(all(definition(4), "uri") == Strings{there, "file://" + home.path("p/other.txt")});
  CHECK(definition(5).empty());
  // A link is opened as itself.
  CHECK(all(definition(6), "uri") == Strings{"file://" + home.path("p/link")});
  CHECK(all(definition(7), "uri") == Strings{"file://" + home.path("p/other.txt")});
}

}  // namespace chatvim::testing::lsp_features_test
