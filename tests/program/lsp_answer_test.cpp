// SPDX-License-Identifier: Apache-2.0
// Answers that the language server writes by edits of the client's document.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "lsp_client.hpp"

namespace chatvim::testing::lsp_answer_test {

namespace {

const std::string kQuestion = "# === USER ===\n\nhi\n";
const std::string kBegin = "# === USER ===\n\nhi\n\n# === ASSISTANT ===\n\n";
const std::string kEnd = "\n\n# === USER ===\n\n";

void run(LspClient& client, const char* command, const Json& arguments) {
  client.request("workspace/executeCommand", {{"command", command}, {"arguments", arguments}});
}

std::function<bool(const std::string&)> has(const std::string& part) {
  return [part](const std::string& text) { return text.find(part) != std::string::npos; };
}

}  // namespace

TEST_CASE("an answer streams into the client's document", "[lsp]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer_with_gate({"Hel", "lo\nthe", "re"}, "end")}));
  LspClient client(home);
  client.initialize();
  const std::string uri = client.open("chat.md", kQuestion);
  run(client, "chatvim.complete", {uri});
  client.wait_for_text(uri, has("Hello\nthere"));
  CHECK(client.text(uri) == kBegin + "Hello\nthere");
  standin.release("end");
  client.wait_for_text(uri, has("there" + kEnd));
  CHECK(client.text(uri) == kBegin + "Hello\nthere" + kEnd);
  // The client was asked for a token, and told about the beginning, the phases and the end.
  CHECK(client.count("window/workDoneProgress/create") == 1);
  std::vector<std::string> kinds;
  do {
    kinds.push_back(client.wait("$/progress").at("value").at("kind"));
  } while (kinds.back() != "end");
  CHECK(kinds.front() == "begin");
  CHECK(kinds.size() > 2);
  CHECK(standin.requests().size() == 1);
  // A second answer in the same document.
  standin.script(Json::array({answer({"again"})}));
  client.type(uri, 10, "more\n");
  run(client, "chatvim.complete", {uri});
  client.wait_for_text(uri, has("again" + kEnd));
}

TEST_CASE("what the user types while an answer is written stays where it is", "[lsp]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({{{"steps",
                                {{{"deltas", {{"text", {"One"}}}}},
                                 {{"wait", "a"}},
                                 {{"deltas", {{"text", {" two"}}}}},
                                 {{"wait", "b"}},
                                 {{"deltas", {{"text", {" three"}}}}},
                                 {{"finish", "stop"}}}}}}));
  LspClient client(home);
  client.initialize();
  const std::string uri = client.open("chat.md", kQuestion);
  run(client, "chatvim.complete", {uri});
  client.wait_for_text(uri, has("One"));
  client.type(uri, 0, "above\n\n");
  standin.release("a");
  client.wait_for_text(uri, has("One two"));
  client.type(uri, 2, "between\n");
  standin.release("b");
  client.wait_for_text(uri, has("One two three" + kEnd));
  CHECK(client.text(uri) == "above\n\nbetween\n" + kBegin + "One two three" + kEnd);
}

TEST_CASE("edits that the client refuses are sent again", "[lsp]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"Hello"})}));
  LspClient client(home);
  client.initialize();
  client.refuses_edits = true;
  const std::string uri = client.open("chat.md", kQuestion);
  run(client, "chatvim.complete", {uri});
  client.wait("workspace/applyEdit");
  client.wait("workspace/applyEdit");
  CHECK(client.text(uri) == kQuestion);
  client.refuses_edits = false;
  client.wait_for_text(uri, has("Hello" + kEnd));
  CHECK(client.text(uri) == kBegin + "Hello" + kEnd);
}

TEST_CASE("an editor may change the text that it inserts", "[lsp]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer_with_gate({"One"}, "end")}));
  LspClient client(home);
  client.initialize();
  client.formatter = [](std::string text) {
    std::replace(text.begin(), text.end(), 'e', 'E');
    return text;
  };
  const std::string uri = client.open("chat.md", kQuestion);
  run(client, "chatvim.complete", {uri});
  client.wait_for_text(uri, has("OnE"));
  standin.release("end");
  client.wait_for_text(uri, has("OnE" + kEnd));
  CHECK(client.text(uri) == kBegin + "OnE" + kEnd);
}

TEST_CASE("an answer that is stopped keeps what has come", "[lsp]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer_with_gate({"Hello"}, "never")}));
  LspClient client(home);
  client.initialize();
  const std::string uri = client.open("chat.md", kQuestion);
  run(client, "chatvim.complete", {uri});
  client.wait_for_text(uri, has("Hello"));
  SECTION("by the command") { run(client, "chatvim.stop", {uri}); }
  SECTION("by the progress") {
    const Json token = client.wait("$/progress").at("token");
    client.notify("window/workDoneProgress/cancel", {{"token", token}});
  }
  client.wait_for_text(uri, has("Hello" + kEnd));
  CHECK(client.text(uri) == kBegin + "Hello" + kEnd);
}

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
  run(client, "chatvim.continue", {uri});
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

TEST_CASE("a retry replaces an answer that begins like the new one", "[lsp]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"The same beginning, and new"})}));
  LspClient client(home);
  client.initialize();
  client.refuses_edits = true;
  const std::string uri = client.open("chat.md", kBegin + "The same beginning, and new then old");
  run(client, "chatvim.retry", {uri});
  client.wait("workspace/applyEdit");
  client.type(uri, 2, "more ");
  client.wait("workspace/applyEdit");
  client.refuses_edits = false;
  client.wait_for_text(uri, has("new" + kEnd));
  CHECK(client.text(uri) ==
        "# === USER ===\n\nmore hi\n\n# === ASSISTANT ===\n\n"
        "The same beginning, and new" +
            kEnd);
}

TEST_CASE("a client that writes its own line breaks gets the answer as fast", "[lsp]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer_with_gate({"a  \nb\n"}, "end")}));
  LspClient client(home);
  client.initialize();
  client.formatter = [](const std::string& text) {
    std::string out;
    for (const char c : text) {
      while (c == '\n' && out.ends_with(' ')) out.pop_back();
      out += c == '\n' ? "\r\n" : std::string(1, c);
    }
    return out;
  };
  const std::string uri = client.open("chat.md", "# === USER ===\r\n\r\nhi\r\n");
  run(client, "chatvim.complete", {uri});
  client.wait_for_text(uri, has("a\r\nb"));
  standin.release("end");
  client.wait_for_text(uri, has("b\r\n\r\n# === USER ===\r\n\r\n"));
  CHECK(client.shown.empty());
}

TEST_CASE("an answer whose text is removed is stopped", "[lsp]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer_with_gate({"One\n\nTwo"}, "more")}));
  LspClient client(home);
  client.initialize();
  const std::string uri = client.open("chat.md", kQuestion);
  run(client, "chatvim.complete", {uri});
  client.wait_for_text(uri, has("Two"));
  client.remove(uri, 3, 99);
  client.wait("window/showMessage");
  CHECK(has("its text was removed")(client.shown.front()));
  standin.release("more");
  client.request("textDocument/documentSymbol", {{"textDocument", {{"uri", uri}}}});
  CHECK(client.text(uri) == kQuestion);
}

TEST_CASE("an answer ends with its document", "[lsp]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer_with_gate({"One"}, "never")}));
  LspClient client(home);
  client.initialize();
  const std::string uri = client.open("chat.md", kQuestion);
  run(client, "chatvim.complete", {uri});
  client.wait_for_text(uri, has("One"));
  SECTION("closed") { client.notify("textDocument/didClose", {{"textDocument", {{"uri", uri}}}}); }
  SECTION("opened again") { client.open("chat.md", kQuestion); }
  client.wait("window/showMessage");
  CHECK(has("its document was closed")(client.shown.front()));
  while (client.wait("$/progress").at("value").at("kind") != "end") {
  }
}

TEST_CASE("stop ends an answer whose edits are never answered", "[lsp]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer_with_gate({"One"}, "never")}));
  LspClient client(home);
  client.initialize();
  client.is_deaf = true;
  const std::string uri = client.open("chat.md", kQuestion);
  run(client, "chatvim.complete", {uri});
  client.wait("workspace/applyEdit");
  run(client, "chatvim.stop", {uri});
  client.wait("window/showMessage");
  CHECK(has("the editor has not answered")(client.shown.front()));
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

}  // namespace chatvim::testing::lsp_answer_test
