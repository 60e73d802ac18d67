// SPDX-License-Identifier: Apache-2.0
// Answers with calls of tools in a client of the language server, which is asked by messages.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "lsp_questions.hpp"
#include "tool_replies.hpp"

namespace chatvim::testing::lsp_tools_test {

using namespace lsp;

namespace {

const std::string kChat = "+++\ntools = [\"demo\"]\n+++\n\n# === USER ===\n\nGo.\n";

std::string with_server(const Standin& standin) {
  std::string text = configuration(standin.base_url());
  const auto end = text.rfind("+++");
  return text.substr(0, end) +
         fmt::format("[tools.demo]\ncommand = [\"{}\"]\n", CHATVIM_MCP_STANDIN) + text.substr(end);
}

bool contains(const std::vector<std::string>& messages, const std::string& part) {
  for (const std::string& message : messages) {
    if (message.find(part) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a client of the language server is asked about calls", "[lsp][tools]") {
  for (const bool allows : {true, false}) {
    Standin standin;
    Home home;
    home.configure(with_server(standin));
    standin.script({calls({{"c1", "demo__echo", R"({"text":"hi"})"}}, "Look:"), answer({"Done."})});
    LspClient client(home);
    client.initialize();
    // The same title stands for a server and for a call; a refused server would end the answer.
    client.choice = "Allow it once";
    const std::string uri = client.open("chat.md", kChat);
    run(client, "chatvim.complete", {uri});
    client.wait_for_text(uri, has("Look:"));
    if (!allows) client.choice = "Stop";
    client.wait_for_text(uri, [](const std::string& text) { return text.ends_with(kEnd); });
    const std::string text = client.text(uri);
    INFO(text);
    CHECK(contains(client.shown, "The server of tools \"demo\" has to be allowed"));
    CHECK(contains(client.shown, CHATVIM_MCP_STANDIN));
    if (text.find("```text result\nhi\n```") != std::string::npos) {
      CHECK(text.find("Done.") != std::string::npos);
    } else {
      CHECK_FALSE(allows);
      CHECK(text.find("```json c1\n{\"text\":\"hi\"}\n```\n\n</details>") != std::string::npos);
    }
    CHECK(contains(client.shown, "The call of demo.echo has to be allowed."));
    CHECK(contains(client.shown, R"({"text":"hi"})"));
  }
}

}  // namespace chatvim::testing::lsp_tools_test
