// SPDX-License-Identifier: Apache-2.0
// Journals over the channel: what remains of an answer that never ends.
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "editor.hpp"
#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing {

namespace {

const std::string kJournal = "state/a.journal";

Json hanging(const std::string& text) {
  return {{"steps", {{{"deltas", {{"text", {text}}}}}, {{"hang", true}}}}};
}

void complete(Editor& editor, const Home& home, int id, const std::string& text) {
  editor.send("complete", {{"id", id},
                           {"text", text},
                           {"settings", Json::object()},
                           {"journal", home.path(kJournal)},
                           {"file", home.path("chat.md")}});
}

void wait_journal(Editor& editor, const Home& home, const std::string& text) {
  editor.process().wait_until([&] {
    editor.sync();
    return home.exists(kJournal) && home.read(kJournal).find(text) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("an answer's text is in its journal before the editor acknowledges it", "[journal]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({hanging("one two three")}));
  {
    Editor editor(home);
    complete(editor, home, 1, "hi");
    // No update is acknowledged.
    wait_journal(editor, home, "one two three");
    const Json journal = {{"id", 2}, {"journal", home.path(kJournal)}, {"text", "hi"}};
    editor.send("recover", journal);
    CHECK(editor.wait("result", 2).at("code") == "no_journal");
  }
  // The editor has exited, and the program with it.
  Editor editor(home);
  const Json journal = {{"id", 3}, {"journal", home.path(kJournal)}, {"text", "hi"}};
  Json found;
  editor.process().wait_until([&] {
    editor.send("recoverable", journal);
    found = editor.wait("result", 3);
    return found.contains("value");
  });
  CHECK(found.at("value").at("characters") == 13);
  editor.send("recover", journal);
  const Json value = editor.wait("result", 3).at("value");
  CHECK(value.at("lines").at(3) == "one two three");
  editor.send("discard", {{"journal", value.at("journal")}});
  editor.sync();
  CHECK_FALSE(home.exists(kJournal));
}

TEST_CASE("a cancelled answer's journal is removed unless it must be kept", "[journal]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({hanging("one"), hanging("two"), hanging("three")}));
  Editor editor(home);
  complete(editor, home, 1, "hi");
  wait_journal(editor, home, "one");
  editor.send("cancel", {{"id", 1}});
  editor.sync();
  CHECK_FALSE(home.exists(kJournal));
  complete(editor, home, 2, "hi");
  wait_journal(editor, home, "two");
  editor.send("cancel", {{"id", 2}, {"keep", true}});
  editor.sync();
  CHECK(home.exists(kJournal));
  complete(editor, home, 3, "hi");
  wait_journal(editor, home, "three");
  editor.send("stop", {{"id", 3}});
  const Json ended = editor.take_answer(3).ended;
  CHECK(ended.at("outcome") == "stopped");
  // It stays until the editor has saved the answer.
  CHECK(ended.at("kept") == true);
  CHECK(home.exists(kJournal));
  editor.send("discard", {{"id", 3}});
  CHECK(editor.wait("discarded").at("id") == 3);
  CHECK_FALSE(home.exists(kJournal));
}

TEST_CASE("a journal moves along when its chat is renamed", "[journal]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({hanging("one")}));
  Editor editor(home);
  complete(editor, home, 1, "hi");
  wait_journal(editor, home, "one");
  const std::string moved = "state/b.journal";
  editor.send("move_journal", {{"id", 1}, {"journal", home.path(moved)}, {"file", "/b.md"}});
  editor.sync();
  CHECK_FALSE(home.exists(kJournal));
  CHECK(home.exists(moved));
  editor.send("move_journal", {{"id", 7}, {"journal", home.path("c")}, {"file", ""}});
  editor.send("stop", {{"id", 1}});
  CHECK(editor.take_answer(1).ended.at("outcome") == "stopped");
  const std::string again = "state/d.journal";
  editor.send("move_journal", {{"id", 1}, {"journal", home.path(again)}, {"file", "/d.md"}});
  editor.sync();
  CHECK_FALSE(home.exists(moved));
  CHECK(home.exists(again));
  CHECK(editor.count("failed") == 0);
  editor.send("move_journal", {{"id", 1}, {"journal", 7}});
  CHECK(editor.wait("failed").at("code") == "bad_message");
}

TEST_CASE("journals that are invalid or cannot be written do no harm", "[journal]") {
  Standin standin;
  const Home home(standin);
  home.file("state", "not a folder");
  standin.script(Json::array(
      {answer_with_gate({"one"}, "go"), answer_with_gate({"two"}, "on"), answer({"three"})}));
  Editor editor(home);
  complete(editor, home, 1, "hi");
  CHECK(editor.wait("failed").at("code") == "unwritable_journal");
  standin.release("go");
  CHECK(editor.take_answer(1).ended.at("outcome") == "done");
  complete(editor, home, 2, "hi");
  standin.requests("wait=2");
  standin.release("on");
  CHECK(editor.take_answer(2).ended.at("outcome") == "done");
  editor.send("complete",
              {{"id", 3}, {"text", "hi"}, {"settings", Json::object()}, {"journal", 7}});
  CHECK(editor.take_answer(3).ended.at("outcome") == "done");
  CHECK(editor.count("failed") == 0);
  editor.send("recover", {{"id", 4}, {"text", "hi"}});
  CHECK(editor.wait("failed").at("code") == "bad_message");
  editor.send("discard", Json::object());
  CHECK(editor.wait("failed").at("code") == "bad_message");
}

}  // namespace chatvim::testing
