// SPDX-License-Identifier: Apache-2.0
// The setting web_search: what each kind of provider gets, and the sources in the file.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "home.hpp"
#include "standin.hpp"
#include "tool_replies.hpp"

namespace chatvim::testing::web_search_test {

namespace {

const std::string kUrl = "https://example.org/a";

/// A provider, the table that sends it to the stand-in, and what it answers.
struct Case {
  std::string model;
  std::string table;
  std::string search;  ///< in the request, as JSON
  Json reply;
};

Json citing_chat() {
  Json reply = answer({"It is so."});
  const Json citation = {{"url", kUrl}, {"title", "A page"}, {"start_index", 0}, {"end_index", 9}};
  const Json annotation = {{"type", "url_citation"}, {"url_citation", citation}};
  reply["steps"].insert(reply["steps"].end() - 1, chat_delta({{"annotations", {annotation}}}));
  return reply;
}

Json citing_messages() {
  const Json citation = {
      {"type", "web_search_result_location"}, {"url", kUrl}, {"title", "A page"}};
  Block block = text_block("It is so.");
  block.deltas.push_back({{"type", "citations_delta"}, {"citation", citation}});
  return messages_reply({block}, "end_turn");
}

Json citing_responses() {
  const Json annotation = {{"type", "url_citation"}, {"url", kUrl}, {"title", "A page"}};
  Json item = text_item("It is so.");
  item["content"][0]["annotations"] = Json::array({annotation});
  return responses_reply({item});
}

}  // namespace

TEST_CASE("web search: each kind of provider gets its own form, and sources are footnotes",
          "[tools]") {
  for (const Case& one :
       {Case{"anthropic/claude-opus-9", "[providers.anthropic]",
             R"("tools":[{"type":"web_search_20260318","name":"web_search")", citing_messages()},
        Case{"openai/gpt-9", "[providers.openai]\napi = \"responses\"",
             R"("tools":[{"type":"web_search"}])", citing_responses()},
        Case{"xai/grok-9", "[providers.xai]\napi = \"responses\"",
             R"("tools":[{"type":"web_search"}])", citing_responses()},
        Case{"openrouter/some/model", "[providers.openrouter]", R"("plugins":[{"id":"web"}])",
             citing_chat()}}) {
    INFO(one.model);
    Standin standin;
    Home home;
    for (const char* name : {"ANTHROPIC", "OPENAI", "XAI", "OPENROUTER"}) {
      home.set(std::string(name) + "_API_KEY", "key-of-a-test");
    }
    home.configure(
        fmt::format("+++\nmodel = \"{}\"\nweb_search = true\n{}\nbase_url = \"{}\"\n+++\n",
                    one.model, one.table, standin.base_url()));
    standin.script(Json::array({one.reply}));
    home.file("chat.md",
              "How?\n\n# === ASSISTANT ===\n\nSo.[^1]\n\n[^1]: <https://example.org/old>\n\n"
              "# === USER ===\n\nIs it so?\n");
    const Run run = home.run({"complete", "--write", "--file", "chat.md"});
    INFO(run.err);
    CHECK(run.code == 0);
    CHECK(standin.body(1).find(one.search) != std::string::npos);
    const std::string text = home.read("chat.md");
    INFO(text);
    CHECK(text.find("It is so.[^2]\n\n[^2]: [A page](<" + kUrl + ">)\n\n# === USER ===") !=
          std::string::npos);
  }
}

TEST_CASE("web search: a document may ask for it", "[tools]") {
  Standin standin;
  Home home;
  home.set("OPENROUTER_API_KEY", "key-of-a-test");
  home.configure(
      fmt::format("+++\nmodel = \"openrouter/some/model\"\n[providers.openrouter]\n"
                  "base_url = \"{}\"\n+++\n",
                  standin.base_url()));
  standin.script({answer({"No."}), answer({"Yes."})});
  CHECK(home.run({"complete", "Is it so?"}).code == 0);
  CHECK(standin.body(1).find("plugins") == std::string::npos);
  home.file("chat.md", "+++\nweb_search = true\n+++\n\nIs it so?\n");
  CHECK(home.run({"complete", "--file", "chat.md"}).code == 0);
  CHECK(standin.body(2).find("plugins") != std::string::npos);
}

TEST_CASE("web search: where it is not to be had nothing is sent", "[tools]") {
  Standin standin;
  Home home(standin);
  standin.script(Json::array({answer({"Never."})}));
  home.file("chat.md", "+++\nweb_search = true\n+++\n\nIs it so?\n");
  const Run run = home.run({"complete", "--file", "chat.md"});
  INFO(run.err);
  CHECK(run.code == 2);
  CHECK(run.err.find("web_search") != std::string::npos);
  CHECK(standin.requests().empty());
}

}  // namespace chatvim::testing::web_search_test
