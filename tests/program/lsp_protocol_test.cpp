// SPDX-License-Identifier: Apache-2.0
// The language server's protocol: order, errors, ends.
#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <string>

#include "lsp_client.hpp"

namespace chatvim::testing::lsp_protocol_test {

namespace {

const std::string kChat = "# === USER ===\n\nhi\n\n# === ASSISTANT ===\n\nhello\n";

Json only_document(const std::string& uri) { return {{"textDocument", {{"uri", uri}}}}; }

std::string message(const Json& body) { return framed(body.dump()); }

}  // namespace

TEST_CASE("a session cut after every byte gives the same answers", "[lsp]") {
  const Home home;
  const std::string uri = "file://" + home.path("chat.md");
  std::string session;
  session += message({{"jsonrpc", "2.0"},
                      {"id", 1},
                      {"method", "initialize"},
                      {"params", {{"capabilities", Json::object()}}}});
  session += message({{"jsonrpc", "2.0"}, {"method", "initialized"}, {"params", Json::object()}});
  session +=
      message({{"jsonrpc", "2.0"},
               {"method", "textDocument/didOpen"},
               {"params",
                {{"textDocument",
                  {{"uri", uri}, {"version", 1}, {"text", "# === USER ===\n\nGrüße 🙂\n"}}}}}});
  // The content type is written by some clients; header names have any case.
  const std::string body = Json{
      {"jsonrpc", "2.0"},
      {"id", 2},
      {"method", "textDocument/documentSymbol"},
      {"params",
       only_document(uri)}}.dump();
  session += "content-length: " + std::to_string(body.size()) +
             "\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n" + body;
  LspClient client(home);
  for (const char byte : session) {
    client.send_bytes(std::string(1, byte));
    client.process().wait_until_sent();
  }
  CHECK(client.response(1).at("result").at("capabilities").at("positionEncoding") == "utf-16");
  const Json symbols = client.response(2).at("result");
  REQUIRE(symbols.size() == 1);
  CHECK(symbols[0].at("name") == "User: Grüße 🙂");
}

TEST_CASE("a server answers nothing but initialize before it", "[lsp]") {
  const Home home;
  LspClient client(home);
  CHECK(client.error_of("textDocument/hover", LspClient::at("file:///x.md", 0, 0)) == -32002);
  client.open("early.md", kChat);  // ignored
  client.initialize();
  CHECK(client.error_of("initialize", {{"capabilities", Json::object()}}) == -32600);
  CHECK(client.request("textDocument/documentSymbol", only_document("file:///x.md")).is_null());
}

TEST_CASE("unknown methods, bad messages and bad JSON get errors and end nothing", "[lsp]") {
  const Home home;
  LspClient client(home);
  client.initialize();
  CHECK(client.error_of("textDocument/rename", Json::object()) == -32601);
  client.notify("$/unknown", Json::object());
  client.notify("workspace/unknown", nullptr);
  client.send_bytes(framed("{not json"));
  client.send(Json::array({1, 2}));
  const std::string deep(100000, '[');
  client.send_bytes(framed(R"({"jsonrpc":"2.0","method":"shutdown","id":)" + deep +
                           std::string(100000, ']') + "}"));
  client.send({{"jsonrpc", "2.0"}, {"id", 90}});
  CHECK(client.response(90).at("error").at("code") == -32600);
  for (const Json& params : {Json(), Json(7), Json::array(), Json{{"textDocument", 1}},
                             Json{{"textDocument", {{"uri", 5}}}, {"position", "here"}}}) {
    for (const char* method :
         {"textDocument/completion", "textDocument/hover", "textDocument/definition",
          "textDocument/documentLink", "textDocument/documentSymbol", "textDocument/foldingRange",
          "textDocument/codeAction", "textDocument/inlayHint", "textDocument/semanticTokens/full",
          "textDocument/semanticTokens/range"}) {
      INFO(method << params.dump());
      CHECK(client.request(method, params).is_null());
    }
    client.notify("textDocument/didOpen", params);
    client.notify("textDocument/didChange", params);
    client.notify("textDocument/didClose", params);
  }
  CHECK(client.error_of("workspace/executeCommand", nullptr) == -32602);
  CHECK(client.error_of("workspace/executeCommand", {{"command", "chatvim.complete"}}) == -32602);
}

TEST_CASE("a header that cannot be read ends the server with a sentence", "[lsp]") {
  for (const std::string header :
       {"Content-Length: many\r\n\r\n", "no colon\r\n\r\n", "Content-Type: x\r\n\r\n",
        "Content-Length: 999999999999\r\n\r\n", "Content-Length: -1\r\n\r\n"}) {
    INFO(header);
    const Home home;
    LspClient client(home);
    client.send_bytes(header);
    CHECK(client.process().wait() == 1);
    CHECK(client.process().errors().starts_with("chatvim: The editor's input cannot be read: "));
  }
}

TEST_CASE("a request can be cancelled while it waits", "[lsp]") {
  const Home home;
  LspClient client(home);
  client.initialize();
  const std::string uri = client.open("chat.md", kChat);
  // In one write, so that the cancellation is there before the second request's turn.
  std::string both;
  both += message({{"jsonrpc", "2.0"},
                   {"id", 70},
                   {"method", "textDocument/documentSymbol"},
                   {"params", only_document(uri)}});
  both += message({{"jsonrpc", "2.0"},
                   {"id", "text"},
                   {"method", "textDocument/documentSymbol"},
                   {"params", only_document(uri)}});
  both +=
      message({{"jsonrpc", "2.0"}, {"method", "$/cancelRequest"}, {"params", {{"id", "text"}}}});
  both += message({{"jsonrpc", "2.0"}, {"method", "$/cancelRequest"}, {"params", {{"id", 12345}}}});
  client.send_bytes(both);
  CHECK(client.response(70).contains("result"));
  CHECK(client.response("text").at("error").at("code") == -32800);
}

TEST_CASE("after shutdown requests are refused, and exit ends the server", "[lsp]") {
  const Home home;
  LspClient client(home);
  client.initialize();
  const std::string uri = client.open("chat.md", kChat);
  CHECK(client.request("shutdown", nullptr).is_null());
  CHECK(client.error_of("textDocument/documentSymbol", only_document(uri)) == -32600);
  CHECK(client.error_of("shutdown", nullptr) == -32600);
  client.notify("exit", nullptr);
  CHECK(client.process().wait() == 0);
}

TEST_CASE("a server whose client is gone ends", "[lsp]") {
  SECTION("exit without shutdown") {
    const Home home;
    LspClient client(home);
    client.initialize();
    client.notify("exit", nullptr);
    CHECK(client.process().wait() == 1);
  }
  SECTION("its input is closed") {
    const Home home;
    LspClient client(home);
    client.initialize();
    client.process().close_input();
    CHECK(client.process().wait() == 1);
  }
  SECTION("while an answer is written") {
    Standin standin;
    const Home home(standin);
    standin.script(Json::array({answer_with_gate({"Hello"}, "never")}));
    LspClient client(home);
    client.initialize();
    const std::string uri = client.open("chat.md", "# === USER ===\n\nhi\n");
    client.begin("workspace/executeCommand",
                 {{"command", "chatvim.complete"}, {"arguments", {uri}}});
    client.wait_for_text(
        uri, [](const std::string& text) { return text.find("Hello") != std::string::npos; });
    client.process().close_input();
    CHECK(client.process().wait() == 1);
  }
  SECTION("killed") {
    const Home home;
    LspClient client(home);
    client.initialize();
    client.process().signal(SIGTERM);
    client.process().wait();
  }
}

TEST_CASE("edits in one message apply one after the other", "[lsp]") {
  const Home home;
  LspClient client(home);
  Json capabilities = LspClient::capabilities_of_most();
  capabilities["general"] = Json::object();  // UTF-16
  client.initialize(capabilities);
  const std::string uri = client.open("chat.md", "# === USER ===\n\n🙂é\n");
  const auto place = [](int line, int character) {
    return Json{{"line", line}, {"character", character}};
  };
  const auto edit = [](const Json& start, const Json& end, const char* text) {
    return Json{{"range", {{"start", start}, {"end", end}}}, {"text", text}};
  };
  client.notify("textDocument/didChange",
                {{"textDocument", {{"uri", uri}, {"version", 2}}},
                 {"contentChanges",
                  {edit(place(2, 2), place(2, 2), "ü"),      // behind both halves of 🙂
                   edit(place(2, 1), place(2, 1), "-"),      // inside 🙂: before it
                   edit(place(2, 4), place(2, 5), "x\ny"),   // é becomes two lines
                   edit(place(99, 0), place(99, 9), "end"),  // behind the end: at the end
                   edit(place(2, 4), place(2, 3), "")}}});   // the wrong way round
  const Json symbols = client.request("textDocument/documentSymbol", only_document(uri));
  CHECK(symbols[0].at("name") == "User: -🙂x");
  CHECK(symbols[0].at("range").at("end") == place(4, 3));
  client.notify("textDocument/didChange",
                {{"textDocument", {{"uri", uri}, {"version", 3}}},
                 {"contentChanges", {{{"text", "a\n# === ASSISTANT ===\nb"}}}}});
  const Json after = client.request("textDocument/documentSymbol", only_document(uri));
  REQUIRE(after.size() == 2);
  CHECK(after[1].at("name") == "Assistant: b");
}

TEST_CASE("bytes that are not UTF-8 move nothing", "[lsp]") {
  const Home home;
  LspClient client(home);
  client.initialize();
  const std::string uri = client.open("chat.md", "# === USER ===\n\nhi\n");
  std::string body = Json{
      {"jsonrpc", "2.0"},
      {"method", "textDocument/didChange"},
      {"params",
       {{"textDocument", {{"uri", uri}, {"version", 2}}},
        {"contentChanges",
         {{{"range",
            {{"start", {{"line", 2}, {"character", 0}}}, {"end", {{"line", 2}, {"character", 0}}}}},
           {"text",
            "@@"}}}}}}}.dump();
  body.replace(body.find("@@"), 2, "\xFF\xFE");
  client.send_bytes(framed(body));
  const Json symbols = client.request("textDocument/documentSymbol", only_document(uri));
  CHECK(symbols[0].at("name") == "User: ?\?hi");
}

TEST_CASE("nothing is said about a file that is no chat", "[lsp]") {
  const Home home;
  LspClient client(home);
  client.initialize();
  const std::string uri = client.open(
      "README.md", "# Title\n\n## User\n\n![](missing.png)\n\n---\n\ntemprature = 1\n\n```\nx\n");
  for (const char* method :
       {"textDocument/documentSymbol", "textDocument/foldingRange", "textDocument/documentLink"}) {
    CHECK(client.request(method, only_document(uri)).empty());
  }
  CHECK(client.request("textDocument/hover", LspClient::at(uri, 4, 2)).is_null());
  CHECK(client.request("textDocument/definition", LspClient::at(uri, 4, 2)).empty());
  CHECK(client.request("textDocument/completion", LspClient::at(uri, 4, 4)).at("items").empty());
  Json range = only_document(uri);
  range["range"] = {{"start", {{"line", 0}, {"character", 0}}},
                    {"end", {{"line", 9}, {"character", 0}}}};
  CHECK(client.request("textDocument/inlayHint", range).empty());
  CHECK(client.request("textDocument/semanticTokens/full", range).at("data").empty());
  range["context"] = {{"diagnostics", Json::array()}};
  CHECK(client.request("textDocument/codeAction", range).empty());
  // A chat's diagnostics come after those of a document that was opened before it.
  client.open("other.md", "# === USER ===\n\n![](missing.png)\n");
  CHECK(client.wait("textDocument/publishDiagnostics").at("uri") != uri);
}

}  // namespace chatvim::testing::lsp_protocol_test
