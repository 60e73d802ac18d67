// SPDX-License-Identifier: Apache-2.0
// What `format` does to prose, and what it leaves alone. tests/program/format_test.cpp compares the
// meaning with a CommonMark program.
#include "chatvim/markdown/format.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "property.hpp"

namespace chatvim::markdown::format_test {
namespace {

const std::vector<std::string> kDelimiters = {
    "# === USER ===", "# === ASSISTANT ===", "# === SYSTEM ==="};

std::string at_20(const std::string& text) { return format(text, {20, kDelimiters}); }

/// Checks that nothing changes at a width that is too narrow for any line.
void stays(const std::string& text) { CHECK(format(text, {1, kDelimiters}) == text); }

rc::Gen<std::string> documents() {
  const auto piece = rc::gen::elementOf(std::vector<std::string>{"word ",
                                                                 "another ",
                                                                 "a",
                                                                 " ",
                                                                 "  ",
                                                                 "\n",
                                                                 "\n",
                                                                 "\n\n",
                                                                 "# ",
                                                                 "- ",
                                                                 "1. ",
                                                                 "14. ",
                                                                 "> ",
                                                                 "```",
                                                                 "~~~",
                                                                 "    ",
                                                                 "\t",
                                                                 "---",
                                                                 "===",
                                                                 "`a b`",
                                                                 "[x](y z)",
                                                                 "![i](x)",
                                                                 "<b>",
                                                                 "<div>",
                                                                 "\\",
                                                                 "| a |",
                                                                 "|---|",
                                                                 "漢字",
                                                                 "*",
                                                                 "+++",
                                                                 "\r\n",
                                                                 "\\# === USER ===",
                                                                 "# === USER ==="});
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                      [](const std::vector<std::string>& pieces) {
                        std::string text;
                        for (const auto& one : pieces) text += one;
                        return text;
                      });
}

}  // namespace

TEST_CASE("prose is wrapped at the width", "[markdown]") {
  CHECK(at_20("one two three four five six") == "one two three four\nfive six");
  CHECK(at_20("one\ntwo\n   three\n") == "one two three\n");
  CHECK(at_20("one\n\ntwo\n\n") == "one\n\ntwo\n\n");
  CHECK(at_20("averyveryverylongword and others") == "averyveryverylongword\nand others");
  CHECK(at_20("漢字漢字漢字 漢字漢字 漢") == "漢字漢字漢字\n漢字漢字 漢");
  CHECK(at_20("one two three\r\nfour five\r\n") == "one two three four\r\nfive\r\n");
  CHECK(at_20("") == "");
}

TEST_CASE("lines that extensions of markdown read stay lines", "[markdown]") {
  stays("Apple\n:   Pomaceous fruit of\n    the family\n");
  stays("Apple\n\n:   Pomaceous fruit of\n    the family\n");
  stays("Term\n~ Definition of it\n");
  stays("*[HTML]: Hyper Text Markup Language\n*[CSS]: Style Sheets\n");
  stays("some text\n{: .class}\n");
  stays("{% include a.html %}\n{{ page.title }}\n");
  stays("::: note\nsome text\n:::\n");
  stays("!!! note\n    some text\n");
  stays("some text\n$$\na + b\n$$\n");
  stays("some text\n[^1]: a note\n");
  stays("- Apple\n  : Pomaceous fruit\n");
  // A wrapped line does not begin like one of them.
  CHECK(at_20("this is a long note ~ prose") == "this is a long\nnote ~ prose");
  CHECK(at_20("this is a long note {x} prose") == "this is a long\nnote {x} prose");
  CHECK(at_20("why? one\ntwo three: four") == "why? one two three:\nfour");
}

TEST_CASE("items and quotes keep their markers and indentation", "[markdown]") {
  CHECK(at_20("- one two three four five\n- six") == "- one two three four\n  five\n- six");
  CHECK(at_20("10. one two three four\n\n    five\n    six") ==
        "10. one two three\n    four\n\n    five six");
  CHECK(at_20("- [ ] one two three four") == "- [ ] one two three\n  four");
  CHECK(at_20("> one two three four five\n> six") == "> one two three four\n> five six");
  CHECK(at_20("> - one two three four\n>\n> five") == "> - one two three\n>   four\n>\n> five");
  CHECK(at_20("- > one two three four five") == "- > one two three\n  > four five");
  CHECK(at_20("-\tone two three four five") == "-\tone two three four\n    five");
}

TEST_CASE("what is not prose stays as it is", "[markdown]") {
  stays("+++\nmodel = \"a b\"\n+++\n");
  stays("---\na: b c\nd: e f\n---\n");
  stays("# A heading of words\n");
  stays("A heading\nof two lines\n===\n");
  stays("```text one\na b\n\nc d\n```\n");
  stays("~~~\na b\n```\nc d\n");
  stays("    indented code\n    more code\n");
  stays("- a\n\n  ```\n  b c\n  ```\n");
  stays("| a b | c d |\n|---|---|\n| e f | g h |\n");
  stays("[label one]: http://x.y \"a title\"\n");
  stays("[^1]: a footnote of words\n");
  stays("<div>\na b\n</div>\n");
  stays("<!-- a comment\n\nof words -->\n");
  stays("![a picture](a b.png)\n");
  stays("> [!NOTE]\n> a\n");
  stays("$$\na b\n$$\n");
}

TEST_CASE("what means something in a chat stays as it is", "[markdown]") {
  stays("# === USER ===\n\na\n\n# === ASSISTANT ===\n\nb\n");
  stays("a\n\\# === USER ===\nb\n");
  stays(
      "<details><summary>Step 1: files.read</summary>\n\n```json id one\n{\"a\": 1}\n```\n\n"
      "```text result\na b\n```\n\n</details>\n");
  stays("<!-- chatvim:state anthropic/claude\neyJ0 eXBl\n-->\n");
  const std::string custom = "me says:\n\none two\n\nit says:\n\nthree\n";
  CHECK(format(custom, {5, {"me says:", "it says:", "x"}}) ==
        "me says:\n\none\ntwo\n\nit says:\n\nthree\n");
  // Nor does wrapping make a delimiter of a text.
  CHECK(format("one two me says: three", {7, {"me says:", "it says:", "x"}}) ==
        "one\ntwo me\nsays:\nthree");
}

TEST_CASE("hard line breaks, code spans and links stay whole", "[markdown]") {
  CHECK(at_20("one  \ntwo three four five six") == "one  \ntwo three four five\nsix");
  CHECK(at_20("one\\\ntwo three four five six") == "one\\\ntwo three four five\nsix");
  CHECK(at_20("one two three `four five` six") == "one two three\n`four five` six");
  CHECK(at_20("one `two\nthree` four") == "one `two three` four");
  CHECK(at_20("see [a page](http://x.y \"a title\")") == "see [a\npage](http://x.y \"a title\")");
}

TEST_CASE("no line begins like a block because it was wrapped", "[markdown]") {
  for (const char* word : {"-", "+", "*", "1.", "12)", "#", "###", ">", "===", "---", "```", "~~~",
                           "|", "<b>", "+++", "[^1]:", "$$"}) {
    INFO(word);
    const std::string text = std::string("one two three four ") + word + " five six";
    const std::string wrapped = at_20(text);
    CHECK(wrapped.find(std::string("\n") + word) == std::string::npos);
    CHECK(wrapped.find('\n') != std::string::npos);
  }
}

TEST_CASE("formatting again changes nothing, and no text is lost", "[markdown]") {
  CHECK(testing::holds("formatting is idempotent", 500, [] {
    const std::string text = *documents();
    const auto width = *rc::gen::inRange<std::size_t>(1, 40);
    const std::string once = format(text, {width, kDelimiters});
    RC_ASSERT(format(once, {width, kDelimiters}) == once);
    const auto letters = [](std::string_view all) {
      std::string kept;
      for (const char one : all) {
        if (std::string_view(" \t\r\n>").find(one) == std::string_view::npos) kept += one;
      }
      return kept;
    };
    RC_ASSERT(letters(once) == letters(text));
  }));
}

}  // namespace chatvim::markdown::format_test
