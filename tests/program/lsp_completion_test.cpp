// SPDX-License-Identifier: Apache-2.0
// What the language server completes.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <string>

#include "lsp_questions.hpp"

namespace chatvim::testing::lsp_completion_test {

using namespace lsp;

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

TEST_CASE("tools are completed by the names of their servers", "[lsp]") {
  Home home;
  home.configure("+++\n[tools.github]\ncommand = [\"gh-mcp\"]\n+++\n");
  LspClient client(home);
  client.initialize();
  CHECK(complete(client, "+++\ntool|\n+++\n", "tools").text == "+++\ntools = [\"$0\"]\n+++\n");
  CHECK(complete(client, "+++\ntools = [\"gi|\"]\n+++\n", "github").text ==
        "+++\ntools = [\"github\"]\n+++\n");
  CHECK(offers(complete(client, "+++\ntools = [\"|\"]\n+++\n"), "files"));
  CHECK(complete(client, "---\ntools:\n  - f|\n---\n", "files.read").text ==
        "---\ntools:\n  - files.read\n---\n");
  CHECK(complete(client, "+++\nweb_search = |\n+++\n", "true").text ==
        "+++\nweb_search = true\n+++\n");
  CHECK(complete(client, "+++\nmax_steps = |\n+++\n", "20").text == "+++\nmax_steps = 20\n+++\n");
  CHECK_FALSE(offers(complete(client, "+++\nmcp|\n+++\n"), "mcp_files"));
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

TEST_CASE("items of a list in YAML are completed", "[lsp]") {
  const Home home;
  LspClient client(home);
  client.initialize();
  CHECK(complete(client, "---\nomit:\n  - to|\n---\n", "top_p").text ==
        "---\nomit:\n  - top_p\n---\n");
  CHECK(complete(client, "---\nomit:\n  - seed\n  - |\n---\n", "top_p").text ==
        "---\nomit:\n  - seed\n  - top_p\n---\n");
  CHECK(complete(client, "---\nstop:\n  - |\n---\n").items.empty());
  CHECK(complete(client, "---\n|- x\n---\n").items.empty());
}

TEST_CASE("without a key each provider's model is offered, with what to set", "[lsp]") {
  const Home home;
  LspClient client(home);
  client.initialize();
  const auto done = complete(client, "+++\nmodel = \"|\"\n+++\n");
  REQUIRE(done.items.size() > 5);
  const std::string label = done.items.at(0).at("label");
  CHECK(label.starts_with("openai/"));
  CHECK(done.items.at(0).at("detail") == "no key: set OPENAI_API_KEY");
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

}  // namespace chatvim::testing::lsp_completion_test
