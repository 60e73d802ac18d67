// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/document/writer.hpp"
#include "document_support.hpp"

namespace chatvim::document::writer_test {
namespace {

using namespace std::string_literals;
using testing::Buffer;
using testing::messages_of;

const std::string kAssistantLine = "# === ASSISTANT ===";
const std::string kNext = "\n\n# === USER ===\n\n";

struct Reply {
  std::string reasoning;
  std::string answer;
};

/// Returns the buffer after a reply in pieces of the given size; the first piece of each text has
/// `first` bytes.
std::string written(const std::string& document, const Reply& reply, std::size_t first,
                    std::size_t size, const Format& format = {}) {
  Buffer buffer(document, format);
  const auto each_piece = [&](const std::string& text, auto&& take) {
    std::size_t end = std::min(first, text.size());
    take(text.substr(0, end));
    for (; end < text.size(); end += std::min(size, text.size())) {
      take(text.substr(end, size));
    }
  };
  each_piece(reply.reasoning, [&](const std::string& piece) { buffer.reasoning(piece); });
  each_piece(reply.answer, [&](const std::string& piece) { buffer.answer(piece); });
  buffer.finish();
  CHECK_FALSE(buffer.misplaced());
  CHECK(buffer.writer().started() == (buffer.text() != document));
  return buffer.text();
}

/// Checks a reply that arrives whole, byte by byte, and cut in two at every position.
void check_written(const std::string& document, const Reply& reply, const std::string& expected,
                   const Format& format = {}) {
  CAPTURE(document, reply.reasoning, reply.answer);
  const std::size_t all = std::string::npos;
  CHECK(written(document, reply, all, all, format) == expected);
  CHECK(written(document, reply, 1, 1, format) == expected);
  for (std::size_t at = 0; at < std::max(reply.answer.size(), reply.reasoning.size()); ++at) {
    CHECK(written(document, reply, at, all, format) == expected);
  }
}

TEST_CASE("a reply is appended to the document between delimiters", "[document]") {
  struct Case {
    std::string document;
    std::string expected;  // up to the reply
  };
  const Case cases[] = {
      {"q", "q\n\n# === ASSISTANT ===\n\n"},
      {"q\n", "q\n\n# === ASSISTANT ===\n\n"},
      {"q\n\n", "q\n\n# === ASSISTANT ===\n\n"},
      {"q\n\n\n\n", "q\n\n\n\n# === ASSISTANT ===\n\n"},
      {"q  ", "q  \n\n# === ASSISTANT ===\n\n"},
      {"q\n  ", "q\n  \n# === ASSISTANT ===\n\n"},
      {"q\n\n\t", "q\n\n\t\n# === ASSISTANT ===\n\n"},
      {"", "# === ASSISTANT ===\n\n"},
      {"\n", "\n\n# === ASSISTANT ===\n\n"},
      {"q\n\n# === ASSISTANT ===", "q\n\n# === ASSISTANT ===\n\n"},
      {"q\n\n# === ASSISTANT ===\n", "q\n\n# === ASSISTANT ===\n\n"},
      {"q\n\n# === ASSISTANT ===  \n \n\n", "q\n\n# === ASSISTANT ===  \n \n\n"},
      {"q\n\n# === ASSISTANT ===\n\n  ", "q\n\n# === ASSISTANT ===\n\n  \n"},
      {"# === ASSISTANT ===\n# === USER ===\n",
       "# === ASSISTANT ===\n# === USER ===\n\n# === ASSISTANT ===\n\n"},
      {"+++\nmodel = \"x\"\n+++", "+++\nmodel = \"x\"\n+++\n\n# === ASSISTANT ===\n\n"},
  };
  for (const Case& one : cases) {
    check_written(one.document, {"", "Hello"}, one.expected + "Hello" + kNext);
    check_written(one.document, {"", " \n\n"}, one.document);
    check_written(one.document, {"\n", ""}, one.document);
  }
}

TEST_CASE("only a piece that starts with a delimiter must start a line", "[document]") {
  const auto first_piece = [](const std::string& document) {
    ReplyWriter writer({}, read_tail(testing::buffer_lines(document), {}));
    return writer.answer("x");
  };
  CHECK(first_piece("q\n\n").at_line_start);
  CHECK(first_piece("").at_line_start);
  CHECK_FALSE(first_piece("q").at_line_start);
  CHECK_FALSE(first_piece("q\n\n# === ASSISTANT ===\n\n").at_line_start);
}

TEST_CASE("the white space around delimiters can be set", "[document]") {
  struct Case {
    std::string prefix;
    std::string suffix;
    std::string expected;
  };
  const Case cases[] = {
      {"\n", "\n", "q\nA\nHello\nU\n"},
      {"", "", "q\nA\nHello\nU\n"},
      {"\n\n\n", "\n\n\n", "q\n\n\nA\n\n\nHello\n\n\nU\n\n\n"},
      // Characters that would change the text above, or indent a line, are left out.
      {"  \n  ", "\t\n  ", "q\nA\t\nHello\nU\t\n"},
      {" ", "\t", "q\nA\nHello\nU\n"},
      {"\r\n\r\n", "\r\n", "q\n\nA\nHello\n\nU\n"},
      {"\n \n", "\n \n", "q\n \nA\n \nHello\n \nU\n \n"},
  };
  for (const Case& one : cases) {
    Format format;
    format.user_delimiter = "U";
    format.assistant_delimiter = "A";
    format.delimiter_prefix = one.prefix;
    format.delimiter_suffix = one.suffix;
    check_written("q", {"", "Hello"}, one.expected, format);
  }
}

TEST_CASE("the reply's text is written line by line", "[document]") {
  struct Case {
    std::string answer;
    std::string expected;
  };
  const Case cases[] = {
      {"\n \n  indented\n\n\ntext  \n\t\n", "  indented\n\n\ntext  "},
      {"# === USER ===", "\\# === USER ==="},
      {"a\n# === ASSISTANT === \t\nb", "a\n\\# === ASSISTANT === \t\nb"},
      {"\\\\# === SYSTEM ===", "\\\\\\# === SYSTEM ==="},
      {"# === USER", "# === USER"},
      {"# === USER === x", "# === USER === x"},
      {" # === USER ===", " # === USER ==="},
      {"\\", "\\"},
      {"\\# Heading\n\\\\\n", "\\# Heading\n\\\\"},
      {"---\n</details>", "---\n</details>"},
      {"<details><summary>Reasoning</summary>\nx\n</details>",
       "\\<details><summary>Reasoning</summary>\nx\n</details>"},
      {"\n\n\\<details><summary>Reasoning</summary> ",
       "\\\\<details><summary>Reasoning</summary> "},
      {"x\n<details><summary>Reasoning</summary>", "x\n<details><summary>Reasoning</summary>"},
      {"a\r\nb\rc\r\r\nd\n\re", "a\nb\nc\n\nd\n\ne"},
      {"# === USER ===\rx", "\\# === USER ===\nx"},
      {"a\0b"s,
       "a\xE2\x90\x80"
       "b"},
      {"\0"s, "\xE2\x90\x80"},
      {"a\xFF\xC3(\xE2\x82", "a\xEF\xBF\xBD\xEF\xBF\xBD(\xEF\xBF\xBD"},
      {"Gr\xC3\xBC\xC3\x9F \xF0\x9F\x99\x88", "Gr\xC3\xBC\xC3\x9F \xF0\x9F\x99\x88"},
  };
  for (const Case& one : cases) {
    check_written("q", {"", one.answer}, "q\n\n# === ASSISTANT ===\n\n" + one.expected + kNext);
  }
}

TEST_CASE("an open code fence is closed", "[document]") {
  struct Case {
    std::string answer;
    std::string closing;
  };
  const Case cases[] = {
      {"```\nx", "\n```"},
      {"```lua\nx\n\n", "\n```"},
      {"```", "\n```"},
      {"  ~~~~ a`b\nx\n~~~\n```", "\n  ~~~~"},
      {"`````\n```\n", "\n`````"},
      {"```\nx\n``", "\n```"},
      {"```\nx\n``` y", "\n```"},
      {"```\nx\n    ```", "\n```"},
      {"```\nx\n```\n~~~", "\n~~~"},
      {"```\r\nx\r\n", "\n```"},
      {"```\n# === USER ===", "\n```"},
      {"```\nx\n```", ""},
      {"```\nx\n   ````` \t", ""},
      {"~~~\nx\n~~~\n", ""},
      {"``\nx", ""},
      {"``` a`b\nx", ""},
      {"    ```\nx", ""},
      {"\t```\nx", ""},
      {"x ```\n", ""},
      {"`` `", ""},
  };
  for (const Case& one : cases) {
    std::string text;
    for (const char character : one.answer) {
      text += character == '\r' ? "" : std::string(1, character);
    }
    text.resize(text.find_last_not_of('\n') + 1);
    if (const auto at = text.find("# ==="); at != std::string::npos) {
      text.insert(at, "\\");
    }
    check_written("q", {"", one.answer},
                  "q\n\n# === ASSISTANT ===\n\n" + text + one.closing + kNext);
  }
  Format format;
  format.user_delimiter = "```";
  format.system_delimiter = "````";
  check_written("q", {"", "```c\nx"}, "q\n\n# === ASSISTANT ===\n\n```c\nx\n`````\n\n```\n\n",
                format);
}

TEST_CASE("kept reasoning is written as a block before the answer", "[document]") {
  const std::string open = "q\n\n# === ASSISTANT ===\n\n<details><summary>Reasoning</summary>\n\n";
  struct Case {
    Reply reply;
    std::string expected;
  };
  const Case cases[] = {
      {{"hm\n\n", "\nyes"}, "hm\n\n</details>\n\nyes"},
      {{"\n  hm  ", "yes"}, "  hm  \n\n</details>\n\nyes"},
      {{"hm", ""}, "hm\n\n</details>"},
      {{"hm", " \n"}, "hm\n\n</details>"},
      {{"# ===", "# ==="}, "# ===\n\n</details>\n\n# ==="},
      {{"a\n</details>\t\n\\</details>\n</details>x", "b\n</details>"},
       "a\n\\</details>\t\n\\\\</details>\n</details>x\n\n</details>\n\nb\n</details>"},
      {{"# === USER ===", "# === USER ==="}, "\\# === USER ===\n\n</details>\n\n\\# === USER ==="},
      {{"hm", "<details><summary>Reasoning</summary>"},
       "hm\n\n</details>\n\n\\<details><summary>Reasoning</summary>"},
      {{"~~~ x\n```", "```\n"}, "~~~ x\n```\n~~~\n\n</details>\n\n```\n```"},
      {{"\xE2\x82", "\xAC"}, "\xEF\xBF\xBD\n\n</details>\n\n\xEF\xBF\xBD"},
  };
  for (const Case& one : cases) {
    check_written("q", one.reply, open + one.expected + kNext);
  }
}

TEST_CASE("reasoning that cannot be kept is left out", "[document]") {
  Buffer late("q");
  late.answer("yes");
  late.reasoning("hm");
  late.finish();
  CHECK(late.text() == "q\n\n# === ASSISTANT ===\n\nyes" + kNext);

  Buffer held("q");
  held.answer("#");
  held.reasoning("hm");
  held.answer("x");
  held.finish();
  CHECK(held.text() == "q\n\n# === ASSISTANT ===\n\n#x" + kNext);

  Buffer blank_first("q");
  blank_first.answer("\n");
  blank_first.reasoning("hm");
  blank_first.finish();
  CHECK(messages_of(blank_first.text()) == std::vector<Message>{{Role::kUser, "q"}});
  CHECK(blank_first.text().find("\n\nhm\n\n</details>") != std::string::npos);

  for (const auto delimiter : {kReasoningOpen, kReasoningClose}) {
    Format format;
    format.system_delimiter = delimiter;
    check_written("q", {"hm", "yes"}, "q\n\n# === ASSISTANT ===\n\nyes" + kNext, format);
    check_written("q", {"hm", ""}, "q", format);
  }
}

TEST_CASE("a document that begins with an open front matter marker stays without front matter",
          "[document]") {
  check_written("---\nq", {"", "a\n---\n+++\n\\--- "},
                "---\nq\n\n# === ASSISTANT ===\n\na\n\\---\n+++\n\\\\--- " + kNext);
  check_written("---\n---\nq", {"", "a\n---"},
                "---\n---\nq\n\n# === ASSISTANT ===\n\na\n---" + kNext);
}

TEST_CASE("a line is held back while it can become a delimiter", "[document]") {
  const std::string line = "\\\\# === USER ===";
  for (std::size_t length = 1; length <= line.size(); ++length) {
    Buffer buffer("q");
    buffer.answer("a");
    const std::string before = buffer.text();
    buffer.answer("\n");
    for (std::size_t at = 0; at < length; ++at) {
      buffer.answer(line.substr(at, 1));
      REQUIRE(buffer.text() == before);
    }
    buffer.answer("  ");
    if (length == line.size()) {
      REQUIRE(buffer.text() == before);
      buffer.answer("\n");
      CHECK(buffer.text() == before + "\n\\" + line + "  ");
    } else {
      buffer.answer("*");
      CHECK(buffer.text() == before + "\n" + line.substr(0, length) + "  *");
    }
  }
}

TEST_CASE("text that need not be held back is shown at once", "[document]") {
  Buffer buffer("q");
  const auto shown = [&](const std::string& delta) {
    const std::size_t before = buffer.text().size();
    buffer.answer(delta);
    return buffer.text().substr(before);
  };
  CHECK(shown("") == "");
  CHECK(shown("\n ") == "");
  CHECK_FALSE(buffer.writer().started());
  CHECK(shown("Hello") == "\n\n# === ASSISTANT ===\n\n Hello");
  CHECK(shown(" ") == " ");
  CHECK(shown("there\n\n") == "there");
  CHECK(shown("#") == "");
  CHECK(shown("# Title") == "\n\n## Title");
  CHECK(shown("\n# === A") == "");
  CHECK(shown("S") == "");
  CHECK(shown("K") == "\n# === ASK");
  CHECK(shown("\n`") == "\n`");
  CHECK(shown("``c\nx\xC3") == "``c\nx");
  CHECK(shown("\xBC\n    ") == "\xC3\xBC");
  CHECK(shown("y") == "\n    y");
  CHECK(shown("\n\\") == "");
  CHECK(shown("n") == "\n\\n");
  // `<details>` may open a call, and `</details>` closes a block only in reasoning.
  CHECK(shown("\n<details>") == "");
  CHECK(shown("<summary>Stop") == "\n<details><summary>Stop");
  CHECK(shown("\n</details>") == "\n</details>");
}

TEST_CASE("a delimiter that begins with a backslash holds back no text without one", "[document]") {
  Format format;
  format.user_delimiter = "\\go";
  Buffer buffer("q", format);
  buffer.answer("a\ng");
  CHECK(buffer.text().ends_with("a\ng"));
  buffer.answer("o\n\\go\n\\");
  CHECK(buffer.text().ends_with("a\ngo\n\\\\go"));
}

TEST_CASE("an answer without text leaves the document alone", "[document]") {
  ReplyWriter writer({}, read_tail(testing::buffer_lines("q"), {}));
  for (const auto* delta : {"", "\n", "  ", "\r\n", "\t"}) {
    CHECK(writer.answer(delta).text.empty());
    CHECK(writer.reasoning(delta).text.empty());
  }
  CHECK(writer.finish().text.empty());
  CHECK_FALSE(writer.started());

  ReplyWriter ended({}, read_tail(testing::buffer_lines("q"), {}));
  ended.answer("x");
  CHECK_FALSE(ended.finish().text.empty());
  CHECK(ended.finish().text.empty());
  CHECK(ended.answer("late").text.empty());
  CHECK(ended.reasoning("late").text.empty());
}

}  // namespace
}  // namespace chatvim::document::writer_test
