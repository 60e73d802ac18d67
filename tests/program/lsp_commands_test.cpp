// SPDX-License-Identifier: Apache-2.0
// The commands of the language server, and what it asks about first.
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "lsp_questions.hpp"

namespace chatvim::testing::lsp_commands_test {

using namespace lsp;

TEST_CASE("retry replaces the last answer, and continue adds to it", "[lsp]") {
  Standin standin;
  const Home home(standin);
  LspClient client(home);
  client.initialize();
  const std::string uri = client.open("chat.md", kBegin + "old" + kEnd);
  standin.script(Json::array({answer({"new"})}));
  run(client, "chatvim.retry", {uri});
  client.wait_for_text(uri, has("new"));
  CHECK(client.text(uri) == kBegin + "new" + kEnd);
  standin.script(Json::array({answer({" and more"})}));
  run_after_answer(client, "chatvim.continue", uri);
  client.wait_for_text(uri, has("new and more"));
  CHECK(client.text(uri) == kBegin + "new and more" + kEnd);
}

TEST_CASE("an answer reaches clients that can do less", "[lsp]") {
  Standin standin;
  const Home home(standin);
  LspClient client(home);
  Json capabilities = Json::object();
  SECTION("edits without versions, and no progress") {
    capabilities = {{"workspace", {{"applyEdit", true}}}};
    client.initialize(capabilities);
    standin.script(Json::array({answer({"Hello"})}));
    const std::string uri = client.open("chat.md", kQuestion);
    run(client, "chatvim.complete", Json::array());  // the chat that was used last
    client.wait_for_text(uri, has("Hello" + kEnd));
    CHECK(client.count("$/progress") == 0);
  }
  SECTION("no edits at all") {
    client.initialize(capabilities);
    const std::string uri = client.open("chat.md", kQuestion);
    run(client, "chatvim.complete", {uri});
    CHECK(has("workspace/applyEdit")(client.wait("window/showMessage").at("message")));
    CHECK(standin.requests().empty());
  }
}

TEST_CASE("what has to be allowed is asked about", "[lsp]") {
  Standin standin;
  const Home home(standin);
  const Home elsewhere;
  const std::string secret = elsewhere.file("notes.txt", "my notes\n");
  LspClient client(home);
  client.initialize();
  const std::string text = "# === USER ===\n\nRead:\n\n![](" + secret + ")\n";
  const std::string uri = client.open("chat.md", text);
  SECTION("refused") {
    client.choice = "Cancel";
    run(client, "chatvim.complete", {uri});
    client.wait("window/showMessageRequest");
    CHECK(standin.requests().empty());
    CHECK(client.text(uri) == text);
    REQUIRE(client.shown.size() == 1);
    CHECK(client.shown.front().find("has to be allowed; nothing was sent") != std::string::npos);
  }
  SECTION("this time") {
    client.choice = "Send it this time";
    standin.script(Json::array({answer({"Hello"}), answer({"Again"})}));
    run(client, "chatvim.complete", {uri});
    client.wait_for_text(uri, has("Hello" + kEnd));
    run(client, "chatvim.retry", {uri});
    client.wait_for_text(uri, has("Again"));
    CHECK(client.shown.size() == 2);  // asked again
  }
  SECTION("always") {
    client.choice = "Allow it always";
    standin.script(Json::array({answer({"Hello"}), answer({"Again"})}));
    run(client, "chatvim.complete", {uri});
    client.wait_for_text(uri, has("Hello" + kEnd));
    run(client, "chatvim.retry", {uri});
    client.wait_for_text(uri, has("Again"));
    CHECK(client.shown.size() == 1);
  }
  SECTION("by the code action of its diagnostic") {
    const Json found = client.wait("textDocument/publishDiagnostics").at("diagnostics");
    REQUIRE(found.size() == 1);
    CHECK(found[0].at("code") == "outside");
    Json params = {{"textDocument", {{"uri", uri}}},
                   {"range", found[0].at("range")},
                   {"context", {{"diagnostics", found}}}};
    const Json actions = client.request("textDocument/codeAction", params);
    CHECK(actions[0].at("title") == "Allow " + secret + " for all chats");
    client.request("workspace/executeCommand", actions[0].at("command"));
    CHECK(client.wait("textDocument/publishDiagnostics").at("diagnostics").empty());
    standin.script(Json::array({answer({"Hello"})}));
    run(client, "chatvim.complete", {uri});
    client.wait_for_text(uri, has("Hello" + kEnd));
    CHECK(client.shown.empty());
  }
}

TEST_CASE("an answer is written only into the chat that is named", "[lsp]") {
  Standin standin;
  const Home home(standin);
  LspClient client(home);
  client.initialize();
  client.open("chat.md", kQuestion);
  const std::string readme = client.open("README.md", "# Title\n\nText\n");
  const auto error_of = [&](const std::string& uri) {
    return client.error_of("workspace/executeCommand",
                           {{"command", "chatvim.complete"}, {"arguments", {uri}}});
  };
  CHECK(error_of("file://" + home.path("other.md")) == -32602);
  CHECK(error_of(readme) == -32602);
  CHECK(standin.requests().empty());
}

TEST_CASE("stop comes in time, and retry after it", "[lsp]") {
  Standin standin;
  const Home home(standin);
  LspClient client(home);
  client.initialize();
  const std::string uri = client.open("chat.md", kQuestion);
  const auto begin = [&](const char* command) {
    client.begin("workspace/executeCommand", {{"command", command}, {"arguments", {uri}}});
  };
  standin.script(Json::array({answer_with_gate({"One"}, "never"), answer({"Two"})}));
  SECTION("before anything was sent") {
    const Home elsewhere;
    client.type(uri, 3, "\n![](" + elsewhere.file("x.txt", "x\n") + ")\n");
    begin("chatvim.complete");
    begin("chatvim.complete");
    begin("chatvim.stop");
    client.wait("window/showMessageRequest");
    // The question is answered after the stop, so that nothing comes of it.
    client.choice = "Send it this time";
    client.request("textDocument/documentSymbol", {{"textDocument", {{"uri", uri}}}});
    CHECK(standin.requests().empty());
    CHECK(client.count("window/showMessageRequest") == 0);  // one question, not two
  }
  SECTION("while it is written") {
    begin("chatvim.complete");
    client.wait_for_text(uri, has("One"));
    begin("chatvim.stop");
    begin("chatvim.retry");
    client.wait_for_text(uri, has("Two" + kEnd));
    CHECK(client.text(uri) == kBegin + "Two" + kEnd);
  }
}

TEST_CASE("changed settings reach the chats that are open", "[lsp]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"Hello"})}));
  LspClient client(home);
  client.initialize();
  const std::string uri = client.open("chat.md", kQuestion);
  client.request("textDocument/documentSymbol", {{"textDocument", {{"uri", uri}}}});
  client.notify("workspace/didChangeConfiguration",
                {{"settings", {{"chatvim", {{"model", "standin/other"}, {"modle", "x"}}}}}});
  client.wait("window/showMessage");
  CHECK(has("modle")(client.shown.front()));
  run(client, "chatvim.complete", {uri});
  client.wait_for_text(uri, has("Hello" + kEnd));
  CHECK(Json::parse(standin.body(1)).at("model") == "other");
}

TEST_CASE("a refused parameter can be put into omit", "[lsp]") {
  Standin standin;
  const Home home(standin);
  standin.script(
      Json::array({{{"status", 400},
                    {"body", R"({"error":{"message":"Unsupported parameter: 'temperature'"}})"}}}));
  LspClient client(home);
  client.initialize();
  const std::string uri = client.open("chat.md", "+++\ntemperature = 1\n+++\n\n" + kQuestion);
  run(client, "chatvim.complete", {uri});
  client.wait("window/showMessage");
  CHECK(client.shown.front().find("temperature") != std::string::npos);
  const Json place = {{"line", 4}, {"character", 0}};
  const Json actions =
      client.request("textDocument/codeAction", {{"textDocument", {{"uri", uri}}},
                                                 {"range", {{"start", place}, {"end", place}}},
                                                 {"context", {{"diagnostics", Json::array()}}}});
  CHECK(actions[0].at("title") == "Leave temperature out of requests (omit)");
  CHECK(actions[0].at("edit").at("changes").at(uri)[0].at("newText") ==
        "omit = [\"temperature\"]\n");
}

TEST_CASE("a fork is a new document with the text up to a message", "[lsp]") {
  const Home home;
  LspClient client(home);
  client.initialize();
  const std::string uri = client.open("chat.md", kBegin + "one\n\n# === USER ===\n\ntwo\n");
  run(client, "chatvim.fork", {uri, 5});
  const Json shown = client.wait("window/showDocument");
  CHECK(shown.at("uri") == "file://" + home.path("chat-fork-1.md"));
  CHECK(client.text(shown.at("uri")) == kBegin + "one\n\n");
}

TEST_CASE("a fork has tool calls, but not their states", "[lsp]") {
  const Home home;
  LspClient client(home);
  client.initialize();
  const std::string state = "<!-- chatvim:state a/b\nQQ==\n-->\n\n";
  const std::string call =
      "<details><summary>Step 1: a</summary>\n\n```json x\n<!-- chatvim:state a/b\n-->\n```\n\n"
      "</details>\n\n";
  const std::string uri =
      client.open("chat.md", kBegin + state + "one\n\n" + state + call + "# === USER ===\n\ntwo\n");
  run(client, "chatvim.fork", {uri, 5});
  const Json shown = client.wait("window/showDocument");
  CHECK(client.text(shown.at("uri")) == kBegin + "one\n\n" + call);
}

TEST_CASE("a model that is chosen from a list goes into the front matter", "[lsp]") {
  Standin standin;
  const Home home;
  home.configure(configuration(standin.base_url(), "models = [\"m\", \"other\"]"));
  LspClient client(home);
  client.initialize();
  const std::string uri = client.open("chat.md", kQuestion);
  client.choice = "other";
  run(client, "chatvim.chooseModel", {uri});
  client.wait_for_text(uri, has("model = "));
  CHECK(client.text(uri) == "+++\nmodel = \"other\"\n+++\n\n" + kQuestion);
}

}  // namespace chatvim::testing::lsp_commands_test
