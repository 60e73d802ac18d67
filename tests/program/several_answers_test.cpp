// SPDX-License-Identifier: Apache-2.0
// Answers of several models, provenance and titles, over the channel and on the command line.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include "editor.hpp"
#include "home.hpp"
#include "lsp_questions.hpp"
#include "standin.hpp"

namespace chatvim::testing::several_answers_test {

namespace {

const std::string kWants = "+++\nprovenance = true\n+++\nHi";
const std::string kTime = "time=\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";

/// Asks for an edit and returns the reply.
Json ask(Editor& editor, const std::string& name, const std::string& text, Json map) {
  static int last = 100;
  map["id"] = ++last;
  map["text"] = text;
  map["settings"] = Json::object();
  editor.send(name, map);
  return editor.wait("result", last);
}

/// Applies the edit of a reply to a text.
std::string applied(const std::string& text, const Json& reply) {
  INFO(reply.dump());
  REQUIRE(reply.contains("value"));
  std::vector<std::string> lines;
  std::size_t start = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  lines.push_back(text.substr(start));
  const Json& edit = reply.at("value");
  const auto at = [&](const char* key) {
    return lines.begin() + edit.at(key).get<std::ptrdiff_t>();
  };
  lines.erase(at("first"), at("last"));
  const auto added = edit.at("lines").get<std::vector<std::string>>();
  lines.insert(at("first"), added.begin(), added.end());
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  out.pop_back();
  return out;
}

/// Whether a text ends with a provenance with these words in it, and then with `end`.
bool ends_with_provenance(const std::string& text, const std::string& words,
                          const std::string& end) {
  const std::regex form("\n\n<!-- chatvim:answer \\S+/\\S+ " + words + " -->\n\n" + end + "\\s*$");
  return std::regex_search(text, form);
}

const std::string kNext = "# === USER ===";

}  // namespace

TEST_CASE("answers of several models become one answer, of which another can be chosen",
          "[answers]") {
  const Home home;
  Editor editor(home);
  const Json answers = {{{"model", "a/b"}, {"text", "One."}, {"output", 3}, {"seconds", 2.5}},
                        {{"model", "c/d"}, {"text", "Two."}, {"price", 1}},
                        {{"model", "e/f"}, {"text", ""}}};
  const std::string text = applied("Hi", ask(editor, "answers", "Hi", {{"answers", answers}}));
  Json messages = ask(editor, "messages", text, {}).at("value");
  REQUIRE(messages.size() == 2);
  CHECK(messages[1].at("content") == "One.");
  CHECK(messages[1].at("provenance") == Json{{"model", "a/b"}});
  CHECK(messages[1].at("others") == Json{{{"model", "c/d"},
                                          {"text", "Two."},
                                          {"line", 9},
                                          {"last_line", 15},
                                          {"provenance", {{"model", "c/d"}}}}});
  const std::string other = applied(text, ask(editor, "choose", text, {{"row", 10}}));
  messages = ask(editor, "messages", other, {}).at("value");
  CHECK(messages[1].at("content") == "Two.");
  CHECK(messages[1].at("others").at(0).at("text") == "One.");
  CHECK(applied(other, ask(editor, "choose", other, {{"row", 10}})) == text);

  const std::string full = applied(kWants, ask(editor, "answers", kWants, {{"answers", answers}}));
  messages = ask(editor, "messages", full, {}).at("value");
  CHECK(messages[1].at("provenance").at("output") == 3);
  CHECK(messages[1].at("provenance").at("seconds") == 2.5);
  CHECK(messages[1].at("others").at(0).at("provenance").at("price") == 1.0);
  CHECK(messages[1].at("others").at(0).at("provenance").contains("time"));
}

TEST_CASE("answers that cannot be used are refused with a sentence", "[answers]") {
  const Home home;
  Editor editor(home);
  const auto code = [&](const std::string& name, const std::string& text, const Json& map) {
    return ask(editor, name, text, map).at("code").get<std::string>();
  };
  CHECK(code("answers", "Hi", {{"answers", Json::array()}}) == "bad_arguments");
  CHECK(code("answers", "Hi", {{"answers", {{{"text", "x"}}}}}) == "bad_message");
  CHECK(code("answers", "Hi", {{"answers", {{{"model", "a/b"}}}}}) == "bad_message");
  CHECK(code("answers", "", {{"answers", {{{"model", "a/b"}, {"text", "x"}}}}}) == "empty_chat");
  CHECK(code("choose", "Hi", {{"row", 0}}) == "bad_arguments");
  CHECK(code("choose", "Hi", {{"row", -1}}) == "bad_arguments");
  CHECK(code("set_title", "Hi", {{"title", " "}}) == "bad_arguments");
  CHECK(code("set_title", "+++\nx\nHi", {{"title", "a"}}) == "bad_document");
  editor.send("answers", {{"id", 1}, {"text", "Hi"}, {"answers", "x"}});
  CHECK(editor.wait("failed").at("message") == "the field answers must be a list of maps");
}

TEST_CASE("a title is set in the front matter and listed", "[answers]") {
  const Home home;
  Editor editor(home);
  const std::string text =
      applied("Hi", ask(editor, "set_title", "Hi", {{"title", "The \"sky\"\n"}}));
  CHECK(text == "+++\ntitle = \"The \\\"sky\\\"\"\n+++\n\nHi");
  std::filesystem::create_directories(home.path("chats"));
  home.file("chats/chat-1.md", text);
  editor.send("chats", {{"id", 7}, {"folder", home.path("chats")}, {"text", ""}});
  const Json chats = editor.wait("chats", 7).at("chats");
  REQUIRE(chats.size() == 1);
  CHECK(chats[0].at("title") == "The \"sky\"");
  CHECK(chats[0].at("question") == "Hi");
}

TEST_CASE("other answers, provenance and title are never sent", "[answers]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"ok"})}));
  const std::string path = home.file(
      "chat.md",
      "+++\ntitle = \"Secret title\"\nprovenance = true\n+++\nQ\n\n# === ASSISTANT ===\n\nA\n\n"
      "<!-- chatvim:answer a/b input=1 -->\n\n<details><summary>Answer: c/d</summary>\n\n"
      "Not chosen\n\n<!-- chatvim:answer c/d -->\n\n</details>\n\n# === USER ===\n\nNext\n");
  REQUIRE(home.run({"complete", "--file", path}).code == 0);
  const Json sent = Json::parse(standin.body(1));
  CHECK(sent.at("messages") == Json{{{"role", "user"}, {"content", "Q"}},
                                    {{"role", "assistant"}, {"content", "A"}},
                                    {{"role", "user"}, {"content", "Next"}}});
  for (const char* word : {"Secret", "provenance", "title", "chosen"}) {
    CHECK(sent.dump().find(word) == std::string::npos);
  }
}

TEST_CASE("an answer over the channel ends with its provenance", "[answers]") {
  Standin standin;
  const Home home(standin);
  Editor editor(home);
  standin.script(Json::array({answer({"Hello"})}));
  editor.complete(1, kWants);
  std::string text = editor.take_answer(1).text;
  CHECK(ends_with_provenance(text, "(input=\\d+ output=\\d+ )?seconds=[\\d.]+ " + kTime, kNext));
  // Also if it is stopped.
  standin.script(Json::array({answer_with_gate({"Hel", "lo"}, "end")}));
  editor.complete(2, kWants);
  const Json update = editor.wait("update", 2);
  editor.send("stop", {{"id", 2}});
  editor.send("acknowledge", {{"id", 2}, {"sequence", update.at("sequence")}});
  text = editor.take_answer(2).text;
  CHECK(ends_with_provenance("\n\n" + text, ".*" + kTime + " outcome=stopped", kNext));
  // Without the setting there is none.
  standin.script(Json::array({answer({"Hello"})}));
  editor.complete(3, "Hi");
  CHECK(editor.take_answer(3).text.find("chatvim:answer") == std::string::npos);
}

TEST_CASE("the command line writes a provenance, and a new one when it continues", "[answers]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"One"}), answer({" two"}), answer({"Three"})}));
  const std::string path = home.file("chat.md", kWants);
  REQUIRE(home.run({"complete", "--write", "--file", path}).code == 0);
  CHECK(ends_with_provenance(home.read("chat.md"), ".*" + kTime, kNext));
  REQUIRE(home.run({"complete", "--continue", "--write", "--file", path}).code == 0);
  const std::string text = home.read("chat.md");
  CHECK(text.find("One two\n\n<!-- chatvim:answer ") != std::string::npos);
  CHECK(text.find("chatvim:answer") == text.rfind("chatvim:answer"));
  const std::string log = home.file("log.md", kWants);
  REQUIRE(home.run({"log", "--file", log, "1 + 1?"}).code == 0);
  CHECK(ends_with_provenance(home.read("log.md"), ".*" + kTime, kNext));
}

TEST_CASE("the language server writes a provenance and folds other answers", "[answers][lsp]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"Hello"})}));
  LspClient client(home);
  client.initialize();
  const std::string uri = client.open("chat.md", "+++\nprovenance = true\n+++\n" + lsp::kQuestion);
  lsp::run(client, "chatvim.complete", {uri});
  client.wait_for_text(uri, lsp::has(" -->" + lsp::kEnd));
  CHECK(ends_with_provenance(client.text(uri), ".*" + kTime, kNext));

  const std::string other =
      client.open("other.md",
                  "Q\n\n# === ASSISTANT ===\n\n# One\n\n<details><summary>Answer: c/d"
                  "</summary>\n\n# Two\n\n<!-- chatvim:answer c/d -->\n\n</details>\n");
  const Json document = {{"textDocument", {{"uri", other}}}};
  CHECK(client.request("textDocument/foldingRange", document) ==
        Json{{{"startLine", 2}, {"endLine", 12}}, {{"startLine", 6}, {"endLine", 12}}});
  const Json symbols = client.request("textDocument/documentSymbol", document);
  REQUIRE(symbols.back().at("children").size() == 1);
  CHECK(symbols.back().at("children")[0].at("name") == "One");
}

}  // namespace chatvim::testing::several_answers_test
