// SPDX-License-Identifier: Apache-2.0
// Answers that the language server writes by edits of the client's document.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "lsp_questions.hpp"

namespace chatvim::testing::lsp_answer_test {

using namespace lsp;

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
  // The client was asked to create the progress, and told about its beginning and its end. Whether
  // there is a phase between them depends on when the client answers.
  CHECK(client.count("window/workDoneProgress/create") == 1);
  std::vector<std::string> kinds;
  do {
    kinds.push_back(client.wait("$/progress").at("value").at("kind"));
  } while (kinds.back() != "end");
  CHECK(kinds.front() == "begin");
  CHECK(kinds.size() >= 2);
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

}  // namespace chatvim::testing::lsp_answer_test
