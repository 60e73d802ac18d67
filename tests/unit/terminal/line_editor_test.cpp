// SPDX-License-Identifier: Apache-2.0
#include "chatvim/terminal/line_editor.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "chatvim/terminal/entry.hpp"

namespace chatvim::terminal::line_editor_test {
namespace {

using Event = LineEditor::Event;

/// An editor that is typed into; `|` in `shown` is the cursor.
struct Typist {
  History history;
  KeyReader reader;
  LineEditor editor{history, is_open_entry};

  Event type(const std::string& bytes) {
    Event last = Event::kNone;
    for (const Key& key : reader.feed(bytes)) last = editor.take(key);
    return last;
  }
  std::string shown() const {
    std::string text = editor.text();
    return text.insert(editor.cursor(), "|");
  }
};

}  // namespace

TEST_CASE("a line is edited by characters and words", "[terminal]") {
  Typist typist;
  typist.type("one two\x1B[D\x1B[D");
  CHECK(typist.shown() == "one t|wo");
  typist.type("\x1B[3~\x7Fx");
  CHECK(typist.shown() == "one x|o");
  typist.type(
      "\x01"
      "a ");
  CHECK(typist.shown() == "a |one xo");
  typist.type("\x05 z\x17");
  CHECK(typist.shown() == "a one xo |");
  typist.type("\x15");
  CHECK(typist.shown() == "|");
  typist.type("\x19!");
  CHECK(typist.shown() == "a one xo !|");
}

TEST_CASE("a character with combining marks is edited as one", "[terminal]") {
  Typist typist;
  typist.type("ae\xCC\x81漢\x1B[D\x1B[D");
  CHECK(typist.shown() == "a|e\xCC\x81漢");
  typist.type("\x1B[3~");
  CHECK(typist.shown() == "a|漢");
}

TEST_CASE("Enter ends a text unless more lines are to come", "[terminal]") {
  Typist typist;
  CHECK(typist.type("one\\\r") == Event::kNone);
  CHECK(typist.shown() == "one\n|");
  CHECK(typist.type("two\\\\\r") == Event::kEntered);
  CHECK(typist.editor.text() == "one\ntwo\\\\");
  typist.editor.clear();
  CHECK(typist.type("\"\"\"a\r") == Event::kNone);
  CHECK(typist.type("b\"\"\"\r") == Event::kEntered);
  CHECK(entry_text(typist.editor.text()) == "a\nb");
  typist.editor.clear();
  CHECK(typist.type("\x1B[200~a\n# b\n\x1B[201~") == Event::kNone);
  CHECK(typist.type("\r") == Event::kEntered);
  CHECK(typist.editor.text() == "a\n# b\n");
}

TEST_CASE("Up and Down move through lines, then through the history", "[terminal]") {
  Typist typist;
  for (const char* entry : {"first", "other", "find"}) typist.history.add(entry);
  typist.type("\x1B[A");
  CHECK(typist.shown() == "find|");
  typist.type("\x1B[A\x1B[A\x1B[A");
  CHECK(typist.shown() == "first|");
  typist.type("\x1B[B\x1B[B\x1B[B");
  CHECK(typist.shown() == "|");
  typist.type("fi\x1B[A\x1B[A");
  CHECK(typist.shown() == "first|");  // those that begin like what was typed
  typist.type("\x1B[B\x1B[B");
  CHECK(typist.shown() == "fi|");
  typist.type("\x1B\ra\x1B[A");
  CHECK(typist.shown() == "f|i\na");
}

TEST_CASE("CTRL-C and CTRL-D are events", "[terminal]") {
  Typist typist;
  CHECK(typist.type("\x04") == Event::kEnded);
  CHECK(typist.type("a\x04") == Event::kNone);
  CHECK(typist.type("\x03") == Event::kCancelled);
}

}  // namespace chatvim::terminal::line_editor_test
