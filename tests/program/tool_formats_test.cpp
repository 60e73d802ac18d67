// SPDX-License-Identifier: Apache-2.0
// Loops of calls in each wire format, with what servers make of ids, states and arguments: what
// the document has, and what goes back.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "home.hpp"
#include "standin.hpp"
#include "tool_replies.hpp"

namespace chatvim::testing::tool_formats_test {

namespace {

/// A home folder with a file, a chat that may read it, and the providers at the stand-in.
struct Scene {
  explicit Scene(const std::string& model, const std::string& more = "") {
    std::string text = "+++\nmodel = \"" + model + "\"\n";
    for (const char* name :
         {"anthropic", "moonshot", "mistral", "deepseek", "gemini", "openai", "xai"}) {
      text += fmt::format("[providers.{}]\nbase_url = \"{}\"\n", name, standin.base_url());
      home.set(upper(name) + "_API_KEY", "key-of-a-test");
    }
    text += fmt::format("[providers.standin]\nbase_url = \"{}\"\n{}\n", standin.base_url(), more);
    home.configure(text + "+++\n");
    std::filesystem::create_directories(home.path("p"));
    home.file("p/a.txt", "alpha\n");
    home.file("p/chat.md", "+++\ntools = [\"files\"]\n+++\n\nWhat is in it?\n");
  }

  static std::string upper(std::string name) {
    for (char& c : name) c = static_cast<char>(c - 'a' + 'A');
    return name;
  }

  /// Answers the chat; the replies are used in turn.
  void complete(const Json& replies, int code = 0) {
    standin.script(replies);
    const Run run = home.run({"complete", "--write", "--file", "p/chat.md"});
    INFO(run.err);
    INFO(home.read("p/chat.md"));
    CHECK(run.code == code);
  }
  /// Adds a question to the chat and sends it to another model, without changing the file. Returns
  /// the body of the request.
  Json ask_again(const std::string& model, const Json& reply) {
    standin.script(Json::array({reply}));
    const std::string text = home.read("p/chat.md");
    home.file("p/next.md", text.substr(0, text.find_last_not_of('\n') + 1) + "\n\nAnd now?\n");
    const std::string before = home.read("p/next.md");
    const Run run = home.run({"complete", "--set", "model=" + model, "--file", "p/next.md"});
    INFO(run.err);
    CHECK(run.code == 0);
    CHECK(home.read("p/next.md") == before);
    return body_of(standin.requests().back());
  }

  Standin standin;
  Home home;
};

Called read(const std::string& id, const std::string& path = "a.txt") {
  return {id, "files__read", "{\"path\":\"" + path + "\"}"};
}

/// Returns the types of a list of blocks or items, in order.
std::string types(const Json& list) {
  std::string out;
  for (const Json& one : list) {
    out += (out.empty() ? "" : " ") + one.value("type", one.value("role", ""));
  }
  return out;
}

Block thinking(const std::vector<std::string>& signature) {
  Block block{{{"type", "thinking"}, {"thinking", ""}, {"signature", ""}},
              {{{"type", "thinking_delta"}, {"thinking", "h"}},
               {{"type", "thinking_delta"}, {"thinking", "m"}}}};
  for (const std::string& piece : signature) {
    block.deltas.push_back({{"type", "signature_delta"}, {"signature", piece}});
  }
  return block;
}

}  // namespace

TEST_CASE("tools: one id for every call over two rounds of a loop", "[tools]") {
  Scene scene("standin/m");
  scene.complete({calls({read("call_0"), read("call_0", "b.txt")}),
                  calls({read("call_0", "c.txt")}), answer({"Done."})});
  const Json messages = messages_of(scene.standin.requests()[2]);
  std::set<std::string> ids;
  for (const Json& message : messages) {
    for (const Json& call : message.value("tool_calls", Json::array())) {
      CHECK(ids.insert(call.at("id").get<std::string>()).second);
    }
    if (message.at("role") == "tool") CHECK(ids.erase(message.at("tool_call_id")) == 1);
  }
  CHECK(ids.empty());
  const std::string text = scene.home.read("p/chat.md");
  std::size_t blocks = 0;
  for (auto at = text.find("```json call_0\n"); at != std::string::npos;
       at = text.find("```json call_0\n", at + 1)) {
    ++blocks;
  }
  CHECK(blocks == 3);
}

TEST_CASE("tools: a chat of Kimi's goes on with Claude and Mistral, unchanged", "[tools]") {
  Scene scene("moonshot/kimi-k2");
  scene.complete({calls({read("functions.files__read:0")}), answer({"It says alpha."})});
  const Json kimi = messages_of(scene.standin.requests()[1]);
  CHECK(kimi[1].at("tool_calls")[0].at("id") == "functions.files__read:0");
  CHECK(kimi[2].at("tool_call_id") == "functions.files__read:0");
  const std::string result = kimi[2].at("content");

  const Json claude =
      scene.ask_again("anthropic/claude-sonnet-9", messages_reply({text_block("Yes.")}, "end_turn"))
          .at("messages");
  const Json& use = claude[1].at("content").back();
  CHECK(use.at("type") == "tool_use");
  CHECK(use.at("input") == Json{{"path", "a.txt"}});
  CHECK(use.at("id").get<std::string>().find_first_of(".:") == std::string::npos);
  CHECK(claude[2].at("content")[0].at("tool_use_id") == use.at("id"));
  CHECK(claude[2].at("content")[0].at("content") == result);
  CHECK(claude[3].at("content") == "It says alpha.");

  const Json mistral = scene.ask_again("mistral/mistral-large", answer({"Yes."})).at("messages");
  const std::string id = mistral[1].at("tool_calls")[0].at("id");
  CHECK(id.size() == 9);
  CHECK(mistral[2].at("tool_call_id") == id);
  CHECK(mistral[2].at("content") == result);

  const Json again = scene.ask_again("moonshot/kimi-k2", answer({"Yes."})).at("messages");
  for (std::size_t i = 0; i < kimi.size(); ++i) CHECK(again[i] == kimi[i]);
}

TEST_CASE("tools: a signature in three pieces comes back whole, to its model only", "[tools]") {
  Scene scene("anthropic/claude-opus-9");
  scene.complete(
      {messages_reply({thinking({"ab", "cd", "ef"}), tool_use(read("toolu_1"))}, "tool_use"),
       messages_reply({text_block("Done.")}, "end_turn")});
  const Json second = messages_of(scene.standin.requests()[1]);
  CHECK(second[1].at("content")[0] ==
        Json{{"type", "thinking"}, {"thinking", "hm"}, {"signature", "abcdef"}});
  CHECK(second[1].at("content")[1].at("id") == "toolu_1");
  CHECK(scene.home.read("p/chat.md").find("<!-- chatvim:state anthropic/claude-opus-9\n") !=
        std::string::npos);
  const Json done = messages_reply({text_block("Yes.")}, "end_turn");
  CHECK(scene.ask_again("anthropic/claude-opus-9", done).at("messages")[1] == second[1]);
  const Json other = scene.ask_again("anthropic/claude-haiku-9", done).at("messages");
  CHECK(types(other[1].at("content")) == "tool_use");
  CHECK(scene.ask_again("mistral/m", answer({"Yes."})).dump().find("abcdef") == std::string::npos);
}

TEST_CASE("tools: an empty signature is no key at all", "[tools]") {
  Scene scene("anthropic/claude-opus-9");
  scene.complete({messages_reply({thinking({""}), tool_use(read("toolu_1"))}, "tool_use"),
                  messages_reply({text_block("Done.")}, "end_turn")});
  CHECK(messages_of(scene.standin.requests()[1])[1].at("content")[0] ==
        Json{{"type", "thinking"}, {"thinking", "hm"}});
}

TEST_CASE("tools: what a model thinks, says and calls keeps its order", "[tools]") {
  Scene scene("anthropic/claude-opus-9");
  scene.complete({messages_reply({thinking({"one"}), tool_use(read("toolu_1")), thinking({"two"}),
                                  text_block("Also:"), tool_use(read("toolu_2", "b.txt"))},
                                 "tool_use"),
                  messages_reply({text_block("Done.")}, "end_turn")});
  const Json messages = messages_of(scene.standin.requests()[1]);
  CHECK(types(messages[1].at("content")) == "thinking tool_use thinking text tool_use");
  CHECK(messages[1].at("content")[2].at("signature") == "two");
  CHECK(types(messages[2].at("content")) == "tool_result tool_result");
  CHECK(messages[2].at("content")[1].at("is_error") == true);
}

TEST_CASE("tools: two reasoning items, two calls and one phase go back in their order", "[tools]") {
  Scene scene("standin/m", "api = \"responses\"");
  const auto reasoning = [](const std::string& id) {
    return Json{{"type", "reasoning"},
                {"id", id},
                {"summary", Json::array()},
                {"encrypted_content", "secret of " + id}};
  };
  scene.complete(
      {responses_reply(
           {reasoning("r1"), text_item("Look:", {{"id", "m1"}, {"phase", "commentary"}}),
            function_call(read("a")), reasoning("r2"), function_call(read("b", "b.txt"))}),
       responses_reply({text_item("Done.")})});
  const Json input = body_of(scene.standin.requests()[1]).at("input");
  CHECK(types(input) ==
        "user reasoning message function_call reasoning function_call function_call_output "
        "function_call_output");
  CHECK(input[1].at("encrypted_content") == "secret of r1");
  CHECK(input[2].at("phase") == "commentary");
  CHECK(input[3].at("id") == "fc_a");
  CHECK(input[4].at("encrypted_content") == "secret of r2");
  CHECK(input[6].at("call_id") == "a");
  CHECK_FALSE(body_of(scene.standin.requests()[1]).contains("include"));
}

TEST_CASE("tools: the reasoning of DeepSeek comes back through the document", "[tools]") {
  Scene scene("deepseek/deepseek-reasoner");
  Json reply = calls({read("c1")});
  reply["steps"].insert(reply["steps"].begin(), chat_delta({{"reasoning_content", "ily."}}));
  reply["steps"].insert(reply["steps"].begin(), chat_delta({{"reasoning_content", "Eas"}}));
  scene.complete({reply, answer({"Done."})});
  CHECK(messages_of(scene.standin.requests()[1])[1].at("reasoning_content") == "Easily.");
  CHECK(scene.home.read("p/chat.md").find("Easily") == std::string::npos);
  const Json again = scene.ask_again("deepseek/deepseek-reasoner", answer({"Yes."}));
  CHECK(again.at("messages")[1].at("reasoning_content") == "Easily.");
  CHECK(scene.ask_again("mistral/m", answer({"Yes."})).dump().find("Easily") == std::string::npos);
}

TEST_CASE("tools: the signature of Gemini, and the calls of other models", "[tools]") {
  Scene scene("gemini/gemini-9");
  const Json signature = {{"google", {{"thought_signature", "sig"}}}};
  Json reply = calls({read("c1"), read("c2", "b.txt")});
  reply["steps"][0]["event"]["choices"][0]["delta"]["tool_calls"][0]["extra_content"] = signature;
  scene.complete({reply, answer({"Done."})});
  const Json called = messages_of(scene.standin.requests()[1])[1].at("tool_calls");
  CHECK(called[0].at("extra_content") == signature);
  CHECK_FALSE(called[1].contains("extra_content"));
  CHECK_FALSE(scene.ask_again("mistral/m", answer({"Yes."}))
                  .at("messages")[1]
                  .at("tool_calls")[0]
                  .contains("extra_content"));

  Scene foreign("mistral/m");
  foreign.complete({calls({read("abcdef123")}), answer({"Done."})});
  CHECK(foreign.ask_again("gemini/gemini-9", answer({"Yes."}))
            .at("messages")[1]
            .at("tool_calls")[0]
            .at("extra_content")
            .at("google")
            .at("thought_signature") == "skip_thought_signature_validator");
}

TEST_CASE("tools: a response that is incomplete runs nothing, also if it parses", "[tools]") {
  Scene scene("standin/m", "api = \"responses\"");
  scene.complete(Json::array({responses_reply({function_call(read("a"))}, "incomplete")}), 3);
  CHECK(scene.standin.requests().size() == 1);
  const std::string text = scene.home.read("p/chat.md");
  CHECK(text.find("alpha") == std::string::npos);
  CHECK(text.find("```text cut\n") != std::string::npos);

  Scene messages("anthropic/claude-opus-9");
  messages.complete(Json::array({messages_reply({tool_use(read("a"))}, "max_tokens")}), 3);
  CHECK(messages.standin.requests().size() == 1);
  CHECK(messages.home.read("p/chat.md").find("```text cut\n") != std::string::npos);
}

TEST_CASE("tools: a call without arguments has an empty object in Messages", "[tools]") {
  const Called bare = {"c1", "files__list", ""};
  Scene scene("anthropic/claude-opus-9");
  scene.complete({messages_reply({tool_use(bare)}, "tool_use"),
                  messages_reply({text_block("Done.")}, "end_turn")});
  const Json messages = messages_of(scene.standin.requests()[1]);
  CHECK(messages[1].at("content")[0].at("input").dump() == "{}");
  CHECK(messages[2].at("content")[0].at("content").get<std::string>().find("a.txt") !=
        std::string::npos);
  const std::string before = scene.home.read("p/chat.md");
  CHECK(before.find("```json c1\n") != std::string::npos);
  const Json again = scene.ask_again("mistral/m", answer({"Yes."})).at("messages");
  CHECK(
      Json::accept(again[1].at("tool_calls")[0].at("function").at("arguments").get<std::string>()));
}

TEST_CASE("tools: arguments that come twice are made once", "[tools]") {
  Scene scene("standin/m");
  Json reply = calls({read("c1")});
  const Json whole = {{"index", 0},
                      {"id", "c1"},
                      {"function", {{"name", "files__read"}, {"arguments", read("c1").arguments}}}};
  reply["steps"].insert(reply["steps"].end() - 1, chat_delta({{"tool_calls", {whole}}}));
  scene.complete({reply, answer({"Done."})});
  const Json called = messages_of(scene.standin.requests()[1])[1].at("tool_calls");
  REQUIRE(called.size() == 1);
  CHECK(called[0].at("function").at("arguments") == read("c1").arguments);
}

TEST_CASE("tools: three results, one refused and one failed, come before the user's text",
          "[tools]") {
  Scene scene("anthropic/claude-opus-9");
  std::string text = "+++\ntools = [\"files\"]\n+++\n\nGo.\n\n# === ASSISTANT ===\n\nLook:\n";
  const std::string fence = "```";
  for (const auto& [outcome, result] : std::vector<std::pair<std::string, std::string>>{
           {"result", "alpha"}, {"refused", "Too much."}, {"error", "no such file"}}) {
    text += fmt::format(
        "\n<details><summary>Step 1: files.read</summary>\n\n{0}json {1}1\n{{}}\n"
        "{0}\n\n{0}text {1}\n{2}\n{0}\n\n</details>\n",
        fence, outcome, result);
  }
  scene.home.file("p/chat.md", text + "\n# === USER ===\n\n");
  const Json messages =
      scene.ask_again("anthropic/claude-opus-9", messages_reply({text_block("Yes.")}, "end_turn"))
          .at("messages");
  REQUIRE(messages.size() == 3);
  CHECK(types(messages[2].at("content")) == "tool_result tool_result tool_result text");
  CHECK_FALSE(messages[2].at("content")[0].contains("is_error"));
  CHECK(messages[2].at("content")[1].at("is_error") == true);
  CHECK(messages[2].at("content")[2].at("is_error") == true);
  CHECK(messages[2].at("content")[3].at("text") == "And now?");
}

}  // namespace chatvim::testing::tool_formats_test
