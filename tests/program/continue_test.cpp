// SPDX-License-Identifier: Apache-2.0
// Continuing and retrying an answer over the channel.
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "editor.hpp"
#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing {

namespace {

const std::string kAnswered = "Q\n\n# === ASSISTANT ===\n\nThe answer\n\n# === USER ===\n\n";

Json asked(int id, const std::string& text, const std::string& mode) {
  return {{"id", id}, {"text", text}, {"settings", Json::object()}, {"mode", mode}};
}

Json place(int id, int row, int column, int end_row, int end_column, bool delimiter_below) {
  return {{"id", id},
          {"row", row},
          {"column", column},
          {"end_row", end_row},
          {"end_column", end_column},
          {"delimiter_below", delimiter_below}};
}

Json message(const char* role, const char* content) {
  return {{"role", role}, {"content", content}};
}

}  // namespace

TEST_CASE("the position of an answer comes right after the diagnostics", "[channel]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({" is", " 42"}), answer({"Forty-two"})}));
  Editor editor(home);
  editor.send("complete", asked(1, kAnswered, "continue"));
  editor.wait("diagnostics", 1);
  CHECK(editor.wait("place", 1) == place(1, 4, 10, 4, 10, true));
  CHECK(editor.wait("started", 1).at("closing").empty());
  CHECK(editor.take_answer(1).text == " is 42");

  editor.send("complete", asked(2, kAnswered, "retry"));
  editor.wait("diagnostics", 2);
  CHECK(editor.wait("place", 2) == place(2, 4, 0, 4, 10, true));
  CHECK(editor.take_answer(2).text == "Forty-two");

  const Json on = Json::parse(standin.body(1)).at("messages");
  CHECK(on == Json::array({message("user", "Q"), message("assistant", "The answer")}));
  const Json again = Json::parse(standin.body(2)).at("messages");
  CHECK(again == Json::array({message("user", "Q")}));
}

TEST_CASE("the closing lines of an answer depend on its text so far", "[channel]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"Look:\n```c\nint a", ";\n```\nDone."})}));
  Editor editor(home);
  editor.send("complete", asked(1, kAnswered + "R", "answer"));
  const Json plain = Json::array({"", "", "# === USER ===", "", ""});
  CHECK(editor.wait("started", 1).at("closing") == plain);
  const Json update = editor.wait("update", 1);
  if (update.at("lines").back() == "int a") {
    CHECK(update.at("closing") == Json::array({"", "```", "", "# === USER ===", "", ""}));
  }
  editor.send("acknowledge", {{"id", 1}, {"sequence", update.at("sequence")}});
  CHECK(editor.take_answer(1).ended.at("outcome") == "done");
}

TEST_CASE("a chat that cannot be continued or retried causes one sentence", "[channel]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array());
  Editor editor(home);
  struct Row {
    std::string text;
    std::string mode;
    std::string code;
    std::string words;
  };
  const std::string system = kAnswered + "# === SYSTEM ===\n\nS";
  const std::string alone = "# === ASSISTANT ===\nA";
  const auto with = [](const std::string& front) {
    return "+++\n" + front + "\n+++\n" + kAnswered;
  };
  const std::vector<Row> rows = {
      {"", "continue", "empty_chat", "write a message first"},
      {"", "retry", "empty_chat", "write a message first"},
      {"Q", "continue", "nothing_to_answer", ":ChatvimComplete answers it"},
      {"Q", "retry", "nothing_to_answer", ":ChatvimComplete answers it"},
      {kAnswered + "R", "continue", "nothing_to_answer", "the last word is yours"},
      {kAnswered + "R", "retry", "nothing_to_answer", "the last word is yours"},
      {system, "continue", "nothing_to_answer", "system message"},
      {system, "retry", "nothing_to_answer", "system message"},
      {alone, "retry", "nothing_to_answer", "no message of yours"},
      {with("model = \"openai/gpt-6-sol\""), "continue", "cannot_continue",
       "The provider openai cannot go on with an answer; write a message such as \"Go on.\" below "
       "a "
       "line \"# === USER ===\"."},
      {with("model = \"anthropic/claude-opus-5-5\""), "continue", "cannot_continue",
       "The model claude-opus-5-5 (anthropic) cannot go on"},
      {with("model = \"meta/muse-spark-1.3\""), "continue", "cannot_continue", "The provider meta"},
  };
  int id = 0;
  for (const Row& row : rows) {
    CAPTURE(row.text, row.mode);
    editor.send("complete", asked(++id, row.text, row.mode));
    const Json ended = editor.wait("ended", id);
    CHECK(ended.at("outcome") == "error");
    CHECK(ended.at("code") == row.code);
    CHECK(ended.at("message").get<std::string>().find(row.words) != std::string::npos);
    CHECK(editor.count("place", id) == 0);
  }
  editor.send("complete", asked(99, kAnswered, "again"));
  CHECK(editor.wait("failed").at("code") == "bad_message");
  CHECK(standin.requests().empty());
}

TEST_CASE("a repeated start of a continued answer is written once", "[channel]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"The an", "swer is", " 42"})}));
  Editor editor(home);
  editor.send("complete", asked(1, kAnswered, "continue"));
  CHECK(editor.take_answer(1).text == " is 42");
}

}  // namespace chatvim::testing
