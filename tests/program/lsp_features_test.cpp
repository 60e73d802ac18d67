// SPDX-License-Identifier: Apache-2.0
// What the language server says about a chat.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "lsp_client.hpp"

namespace chatvim::testing::lsp_features_test {

namespace {

using Strings = std::vector<std::string>;

Json only(const std::string& uri) { return {{"textDocument", {{"uri", uri}}}}; }

Json place(std::size_t line, std::size_t character) {
  return {{"line", line}, {"character", character}};
}

Json lines(const std::string& uri, std::size_t first, std::size_t last) {
  Json params = only(uri);
  params["range"] = {{"start", place(first, 0)}, {"end", place(last, 0)}};
  return params;
}

Strings all(const Json& items, const char* key) {
  Strings values;
  for (const Json& item : items) values.push_back(item.at(key));
  return values;
}

/// The items of a completion, and the document as it is after one of them has been taken.
struct Completed {
  Json items;
  std::string text;
};

/// Completes at the `|` of a text and takes the item with this label.
Completed complete(LspClient& client, const std::string& marked, const std::string& label = "") {
  static int number = 0;
  const std::size_t cursor = marked.find('|');
  std::string text = marked.substr(0, cursor) + marked.substr(cursor + 1);
  const std::size_t start = text.rfind('\n', cursor == 0 ? 0 : cursor - 1);
  const auto line = std::count(text.begin(), text.begin() + static_cast<long>(cursor), '\n');
  const std::size_t column = line == 0 ? cursor : cursor - start - 1;
  const std::string uri = client.open("p/completed" + std::to_string(++number) + ".md", text);
  Completed done;
  done.items = client
                   .request("textDocument/completion",
                            LspClient::at(uri, static_cast<std::size_t>(line), column))
                   .at("items");
  for (const Json& item : done.items) {
    if (item.at("label") != label) continue;
    const Json& edit = item.at("textEdit");
    const std::size_t at = cursor - column;
    const std::size_t from = edit.at("range").at("start").at("character");
    const std::size_t to = edit.at("range").at("end").at("character");
    done.text =
        text.substr(0, at + from) + edit.at("newText").get<std::string>() + text.substr(at + to);
  }
  return done;
}

bool offers(const Completed& done, const std::string& label) {
  const Strings labels = all(done.items, "label");
  return std::find(labels.begin(), labels.end(), label) != labels.end();
}

Json hover(LspClient& client, const std::string& uri, std::size_t line, std::size_t character) {
  const Json found = client.request("textDocument/hover", LspClient::at(uri, line, character));
  return found.is_null() ? found : found.at("contents").at("value");
}

bool has(const Json& text, const char* part) {
  return text.is_string() && text.get<std::string>().find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("settings are completed in TOML and YAML, closed or not", "[lsp]") {
  const Home home;
  LspClient client(home);
  client.initialize();
  CHECK(complete(client, "+++\ntemp|\n+++\n", "temperature").text ==
        "+++\ntemperature = $0\n+++\n");
  CHECK(complete(client, "---\nmod|\n---\n", "model").text == "---\nmodel: $0\n---\n");
  CHECK(complete(client, "+++\n|", "model").text == "+++\nmodel = \"$0\"");
  CHECK(complete(client, "+++\nmodel = \"m\"\nsto|", "stop").text ==
        "+++\nmodel = \"m\"\nstop = \"$0\"");
  // Only the name if there is a value already, and no key twice.
  CHECK(complete(client, "+++\ntem| = 1\n+++\n", "temperature").text ==
        "+++\ntemperature = 1\n+++\n");
  CHECK_FALSE(offers(complete(client, "+++\nmodel = \"m\"\n|\n+++\n"), "model"));
  // What only the configuration may set is offered there.
  CHECK_FALSE(offers(complete(client, "+++\nallo|\n+++\n"), "allow"));
  const Json items = complete(client, "+++\ntemperatur|\n+++\n").items;
  const auto item = *std::find_if(items.begin(), items.end(),
                                  [](const Json& one) { return one.at("label") == "temperature"; });
  CHECK(item.at("detail") == "a number");
  CHECK(has(item.at("documentation").at("value"), "How freely the model chooses its words"));
  CHECK(item.at("insertTextFormat") == 2);
}

TEST_CASE("a client without snippets gets plain text", "[lsp]") {
  const Home home;
  LspClient client(home);
  Json capabilities = LspClient::capabilities_of_most();
  capabilities["textDocument"].erase("completion");
  client.initialize(capabilities);
  CHECK(complete(client, "+++\nmod|\n+++\n", "model").text == "+++\nmodel = \n+++\n");
}

TEST_CASE("values of settings are completed", "[lsp]") {
  Home home;
  home.set("OPENAI_API_KEY", "k");
  home.preset("review", "Review this.\n");
  LspClient client(home);
  client.initialize();
  const auto models = complete(client, "+++\nmodel = \"gpt-4.|\"\n+++\n", "gpt-4.1");
  CHECK(models.text == "+++\nmodel = \"gpt-4.1\"\n+++\n");
  for (const Json& item : models.items) {
    if (item.at("label") == "gpt-4.1") CHECK(has(item.at("detail"), "tokens of context, $"));
  }
  CHECK(complete(client, "+++\nmodel = |\n+++\n", "gpt-4.1").text ==
        "+++\nmodel = \"gpt-4.1\"\n+++\n");
  CHECK(complete(client, "---\nmodel: g|\n---\n", "gpt-4.1").text == "---\nmodel: gpt-4.1\n---\n");
  CHECK(complete(client, "---\nmodel: 'g|'\n---\n", "gpt-4.1").text ==
        "---\nmodel: 'gpt-4.1'\n---\n");
  CHECK(complete(client, "+++\nprovider = \"a|\"\n+++\n", "anthropic").text ==
        "+++\nprovider = \"anthropic\"\n+++\n");
  CHECK(complete(client, "+++\npreset = \"|\"\n+++\n", "review").text ==
        "+++\npreset = \"review\"\n+++\n");
  CHECK(all(complete(client, "+++\nreasoning = \"|\"\n+++\n").items, "label") ==
        Strings{"hide", "keep"});
  CHECK(offers(complete(client, "+++\nreasoning_effort = \"|\"\n+++\n"), "low"));
  CHECK(complete(client, "+++\nomit = [\"seed\", \"|\"]\n+++\n", "top_p").text ==
        "+++\nomit = [\"seed\", \"top_p\"]\n+++\n");
  CHECK(complete(client, "+++\nuserDelimiter = \"|\"\n+++\n", "# === USER ===").text ==
        "+++\nuserDelimiter = \"# === USER ===\"\n+++\n");
}

TEST_CASE("the tables of config.md are completed", "[lsp]") {
  const Home home;
  home.configure("+++\n+++\n");
  std::string folder = "config/chatvim/";
  REQUIRE(home.exists(folder + "config.md"));
  LspClient client(home);
  client.initialize();
  const std::string uri = client.open(folder + "config.md", "+++\n[providers.x]\nbase\n+++\n");
  const Json items =
      client.request("textDocument/completion", LspClient::at(uri, 2, 4)).at("items");
  CHECK(items.at(1).at("label") == "base_url");
  CHECK(has(hover(client, uri, 2, 1), "") == false);
  const std::string other = client.open(folder + "presets/p.md", "+++\nallo\n+++\n");
  const Json own =
      client.request("textDocument/completion", LspClient::at(other, 1, 4)).at("items");
  const Strings labels = all(own, "label");
  CHECK(std::find(labels.begin(), labels.end(), "allow") != labels.end());
}

TEST_CASE("nothing pops up where nobody writes a chat", "[lsp]") {
  const Home home;
  LspClient client(home);
  client.initialize();
  const auto typed = [&](const std::string& text, std::size_t line, std::size_t character) {
    static int number = 0;
    Json params = LspClient::at(client.open("page" + std::to_string(++number) + ".md", text), line,
                                character);
    params["context"] = {{"triggerKind", 2}};
    return client.request("textDocument/completion", params).at("items").size();
  };
  CHECK(typed("---\ntitle: Post\n\nta\n---\n\nText\n", 3, 2) == 0);
  CHECK(typed("---\nprose after a rule\n\nmo\n", 3, 2) == 0);
  CHECK(typed("# === USER ===\n\n```python\n#\n", 3, 1) == 0);
  CHECK(typed("# === USER ===\n\n#\n", 2, 1) == 0);
  CHECK(typed("# === USER ===\n\n# =\n", 2, 3) == 3);
  CHECK(typed("+++\nmodel = \"m\"\nte\n", 2, 2) > 0);
}

TEST_CASE("delimiters are completed at the start of a line", "[lsp]") {
  const Home home;
  LspClient client(home);
  client.initialize();
  CHECK(complete(client, "# === USER ===\n\nhi\n\n# =|", "# === ASSISTANT ===").text ==
        "# === USER ===\n\nhi\n\n# === ASSISTANT ===");
  CHECK(complete(client, "# ==|", "# === USER ===").text == "# === USER ===");
  CHECK(complete(client, "a # =|\n# === USER ===\n").items.empty());
  CHECK(complete(client, "# Titl|\n").items.empty());
  CHECK(complete(client, "#|\n").items.empty());  // no chat so far: a heading
  CHECK(complete(client, "+++\nuserDelimiter = \"# U\"\n+++\n#|", "# U").text ==
        "+++\nuserDelimiter = \"# U\"\n+++\n# U");
}

TEST_CASE("targets of embeds are completed", "[lsp]") {
  const Home home;
  std::filesystem::create_directories(home.path("p/sub/deep"));
  home.file("p/plain.txt", "one\n");
  home.file("p/two words (1).txt", "two\n");
  home.file("p/odd<name>.txt", "x\n");
  home.file("p/.hidden", "x\n");
  home.file("p/sub/a.lua",
            "local M = {}\n\nfunction M.f()\n  return 1\n\n  -- more\nend\n\nreturn M\n");
  LspClient client(home);
  client.initialize();
  const std::string chat = "# === USER ===\n\n";
  CHECK(complete(client, chat + "![](pl|)\n", "plain.txt").text == chat + "![](plain.txt)\n");
  CHECK(complete(client, chat + "![](|", "sub/").text == chat + "![](sub/");
  CHECK(complete(client, chat + "![](sub/|)", "a.lua").text == chat + "![](sub/a.lua)");
  CHECK(complete(client, chat + "  ![label](sub/d|)", "deep/").text ==
        chat + "  ![label](sub/deep/)");
  CHECK(complete(client, chat + "![](tw|)", "two words (1).txt").text ==
        chat + "![](two words (1).txt)");
  CHECK(complete(client, chat + "![](<od|>)", "odd<name>.txt").text ==
        chat + "![](<odd\\<name\\>.txt>)");
  CHECK_FALSE(offers(complete(client, chat + "![](|)"), ".hidden"));
  CHECK(offers(complete(client, chat + "![](.|)"), ".hidden"));
  CHECK(offers(complete(client, chat + "![](~/|)"), "p/"));
  // Parts of a file.
  const auto parts = complete(client, chat + "![](sub/a.lua#L|)", "L3-L7");
  CHECK(all(parts.items, "label") == Strings{"L1-L9", "L1", "L3-L7", "L9"});
  CHECK(parts.text == chat + "![](sub/a.lua#L3-L7)");
  CHECK(parts.items.at(2).at("detail") == "function M.f()");
  // Not in answers, in text, behind the link, or in a code block's prose.
  CHECK(complete(client, "# === ASSISTANT ===\n\n![](pl|)\n").items.empty());
  CHECK(complete(client, chat + "see ![](pl|)\n").items.empty());
  CHECK(complete(client, chat + "![](plain.txt)|\n").items.empty());
  CHECK(complete(client, chat + "![](nowhere/|)\n").items.empty());
}

TEST_CASE("files that are open in the editor are offered", "[lsp]") {
  const Home home;
  std::filesystem::create_directories(home.path("p/sub"));
  home.file("p/sub/open.md", "x\n");
  LspClient client(home);
  client.initialize();
  client.open("p/sub/open.md", "x\n");
  const std::string chat = "# === USER ===\n\n![](";
  CHECK(complete(client, chat + "|)", "sub/open.md").text == chat + "sub/open.md)");
}

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
