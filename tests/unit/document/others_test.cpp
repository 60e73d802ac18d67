// SPDX-License-Identifier: Apache-2.0
// Other answers and provenance: how they are read, written, continued, replaced and chosen.
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/document/choose.hpp"
#include "chatvim/document/place.hpp"
#include "document_others.hpp"
#include "document_support.hpp"
#include "place_support.hpp"

namespace chatvim::document::others_test {
namespace {

using testing::buffer_lines;
using testing::messages_of;
using testing::other_of;
using namespace testing::place;

const std::string kMark = "<!-- chatvim:answer a/b input=12 price=0.0123 seconds=3.2 -->";

std::string other(const std::string& model, const std::string& text) {
  return "<details><summary>Answer: " + model + "</summary>\n\n" + text +
         "\n\n<!-- chatvim:answer " + model + " -->\n\n</details>";
}

Message answer_in(const std::string& text) {
  const auto messages = messages_of(kQuestion + text);
  REQUIRE(messages.size() == 2);
  return messages.back();
}

TEST_CASE("a provenance and other answers are left out of the message", "[document][others]") {
  const Message one =
      answer_in("Text.\n\n" + kMark + "\n\n" + other("c/d", "Two.") + "\n\n" +
                other("e/f", "Three.\n\n\\</details>\n\\<!-- chatvim:answer") + kNext);
  CHECK(one.content == "Text.");
  CHECK(one.answer.empty());
  CHECK(one.broken_blocks.empty());
  REQUIRE(one.provenance);
  CHECK(one.provenance->model == "a/b");
  CHECK(one.provenance->input == 12);
  CHECK_FALSE(one.provenance->output);
  CHECK(one.provenance->price == 0.0123);
  CHECK(one.provenance->seconds == 3.2);
  REQUIRE(one.others.size() == 2);
  CHECK(one.others[0] == other_of("c/d", "Two."));
  CHECK(one.others[0].line == 8);
  CHECK(one.others[0].end == 15);
  CHECK(one.others[1] == other_of("e/f", "Three.\n\n</details>\n<!-- chatvim:answer"));
}

TEST_CASE("text around other answers is the text of the answer", "[document][others]") {
  CHECK(answer_in("One.\n" + other("c/d", "x") + "\nTwo.\n" + kMark + "\nThree.").content ==
        "One.\n\nTwo.\n\nThree.");
  CHECK(answer_in(other("c/d", "x") + "\n\nBelow.").content == "Below.");
  // Only an answer has them.
  CHECK(messages_of(other("c/d", "x")).at(0).content == other("c/d", "x"));
  // Other answers alone are no message.
  CHECK(messages_of(kQuestion + other("c/d", "x") + kNext).size() == 1);
  CHECK(messages_of(kQuestion + kMark).size() == 1);
}

TEST_CASE("lines that only begin like other answers are text", "[document][others]") {
  const std::string mark = "\n\n<!-- chatvim:answer c/d -->\n\n</details>";
  const std::string open = "<details><summary>Answer: c/d</summary>";
  for (const std::string& text : {
           open,
           open + "\n\nText",
           open + "\n\nText\n\n</details>",  // no provenance
           open + "\nText" + mark,           // no blank line
           "<details><summary>Answer: c/d</b>\n\nText" + mark,
           open + "\n\nText\n<details><summary>Step x" + mark,
           open + "\n\nText\n<!-- chatvim:state x" + mark,
           std::string("<!-- chatvim:answer c/d"),
           std::string("<!-- chatvim:answer c/d x -->"),
           std::string("<!-- chatvim:answer c/d x=--> -->"),
       }) {
    CAPTURE(text);
    const Message one = answer_in("Text.\n\n" + text + "\n\nEnd.");
    REQUIRE_FALSE(one.broken_blocks.empty());
    CHECK(one.broken_blocks.front() == 6);
    CHECK(one.others.empty());
    // A whole provenance at the end of a broken block is one.
    CHECK(one.content.starts_with("Text.\n\n" +
                                  text.substr(0, text.find("\n\n<!-- chatvim:answer"))));
  }
  // A quiz is no other answer, and nobody meant one.
  const std::string quiz = "<details><summary>Answer: B</summary>\n\nBecause.\n\n</details>";
  CHECK(answer_in(quiz).content == quiz);
  CHECK(answer_in(quiz).broken_blocks.empty());
  // Text below its provenance belongs to another answer too.
  const Message odd = answer_in("x\n" + open + "\n\nOne.\n" + kMark + "\nTwo.\n\n</details>");
  REQUIRE(odd.others.size() == 1);
  CHECK(odd.others[0].text == "One.\n\nTwo.");
  CHECK(odd.others[0].provenance.model == "a/b");
  // The first of two is broken, the second is not.
  const Message two = answer_in(open + "\n\nLost\n\n" + other("e/f", "Kept"));
  CHECK(two.content == open + "\n\nLost");
  CHECK(two.others.size() == 1);
}

TEST_CASE("values of a provenance that cannot be read are missing", "[document][others]") {
  const auto read = [](const std::string& words) {
    return *answer_in("x\n<!-- chatvim:answer a/b " + words + " -->").provenance;
  };
  CHECK(read("input=-1 output=x price=1e9 seconds= time=now outcome=done new=1") ==
        testing::provenance_of("a/b"));
  CHECK(read("input=99999999999999999999 price=1.2.3 seconds=.") == testing::provenance_of("a/b"));
  CHECK(read("price=.5").price == 0.5);
  CHECK(read("time=2026-11-29T18:20:05Z outcome=stopped").outcome == "stopped");
  CHECK(*answer_in("x\n" + kMark + "\n<!-- chatvim:answer c/d -->").provenance ==
        testing::provenance_of("c/d"));
}

TEST_CASE("a provenance is written whatever its fields hold", "[document][others]") {
  testing::Buffer buffer("Q");
  Provenance odd = testing::provenance_of("a/b --> c\n`<x>");
  odd.input = -5;
  odd.price = std::numeric_limits<double>::infinity();
  odd.seconds = 1234567.06;
  odd.time = "today";
  odd.outcome = "fine -->";
  buffer.answer("Text\n```\ncode");
  buffer.finish({odd, {other_of("", "```\nopen\n</details>")}});
  CHECK(buffer.text() ==
        "Q\n\n# === ASSISTANT ===\n\nText\n```\ncode\n```\n\n"
        "<!-- chatvim:answer a/b_--__c___x_ seconds=1234567.1 -->\n\n"
        "<details><summary>Answer: _</summary>\n\n```\nopen\n\\</details>\n```\n\n"
        "<!-- chatvim:answer _ -->\n\n</details>" +
            kNext);
  // Nothing is written for an answer without text.
  testing::Buffer empty("Q");
  empty.finish({odd, {}});
  CHECK(empty.text() == "Q");
}

TEST_CASE("continuing keeps other answers below and writes a new provenance",
          "[document][others]") {
  const std::string below = "\n\n" + other("c/d", "Two.") + "\n\n" + other("e/f", "Three.");
  const auto check = [&](const std::string& answer, const std::string& reply,
                         const std::string& expected) {
    check_written(find_continuation, kQuestion + answer, reply, kQuestion + expected);
  };
  check("The answer\n\n" + kMark + below + kNext, " is 42.", "The answer is 42." + below + kNext);
  check("The answer" + below, " is 42.", "The answer is 42." + below + kNext);
  check("The answer\n\n" + kMark, " is 42.", "The answer is 42." + kNext);
  check("```\na\n```\n\n" + kMark + below + kNext, "b", "```\nab\n```" + below + kNext);
  check("<details>\n\n" + kMark + kNext, "<summary>Answer:", "\\<details><summary>Answer:" + kNext);
  check("# === US\n\n" + kMark + kNext, "ER ===", "\\# === USER ===" + kNext);
  // Text below other answers is continued where it is.
  check("One.\n\n" + below.substr(2) + "\n\nTwo" + kNext, "!",
        "One.\n\n" + below.substr(2) + "\n\nTwo!" + kNext);
  CHECK(found(find_continuation, kQuestion + "One.\n\n" + kMark + "\n\nTwo" + kNext).above ==
        "One.\n\n");
  // What is added could be the end of a broken block.
  const std::string open = "<details><summary>Answer: c/d</summary>";
  check(open + "\n\nText" + below + kNext, "\n\n<!-- chatvim:answer c/d -->\n\n</details>",
        "\\" + open + "\n\nText\n\n\\<!-- chatvim:answer c/d -->\n\n</details>" + below + kNext);
}

TEST_CASE("a continued answer gets one provenance", "[document][others]") {
  const std::string document =
      kQuestion + "The\n\n" + kMark + "\n\n" + other("c/d", "Two.") + kNext;
  PlacedBuffer buffer(document, {}, found(find_continuation, document));
  buffer.answer(" end");
  buffer.finish({testing::provenance_of("g/h"), {}});
  CHECK(buffer.text() ==
        kQuestion + "The end\n\n<!-- chatvim:answer g/h -->\n\n" + other("c/d", "Two.") + kNext);
  // Until there is text, nothing changes.
  PlacedBuffer nothing(document, {}, found(find_continuation, document));
  nothing.finish({testing::provenance_of("g/h"), {}});
  CHECK(nothing.text() == document);
}

TEST_CASE("calls above other answers are resumed", "[document][others]") {
  const std::string call = "<details><summary>Step 1: a</summary>\n\n```json x\n{}\n```\n\n";
  const std::string below = "\n\n" + other("c/d", "Two.");
  const std::string done = call + "```text result\n1\n```\n\n</details>";
  // An answer that ends with a call goes on behind it.
  check_written(find_resumption, kQuestion + done + "\n\n" + kMark + below + kNext, "Text",
                kQuestion + done + "\n\nText" + below + kNext);
  const Place place =
      found(find_resumption, kQuestion + "I look.\n\n" + call + "</details>\n\n" + kMark + below);
  CHECK(place.again_parts.size() == 1);
  CHECK("\n\n" + place.others == below);
  CHECK_FALSE(place.after_block);
}

TEST_CASE("replacing an answer replaces its provenance and its others", "[document][others]") {
  check_written(find_retry, kQuestion + "Old\n\n" + kMark + "\n\n" + other("c/d", "Two.") + kNext,
                "New", kQuestion + "New" + kNext);
  // Other answers without an answer are none to replace.
  CHECK_FALSE(find_retry(buffer_lines(kQuestion + other("c/d", "Two.") + kNext), {}));
}

/// Returns the document after another answer was chosen.
std::string chosen(const std::string& document, std::size_t row) {
  const auto lines = buffer_lines(document);
  const auto choice = choose_answer(lines, {}, row);
  REQUIRE(choice);
  std::string out;
  for (std::size_t i = 0; i < choice->first; ++i) out.append(lines[i]).append("\n");
  out += choice->text;
  for (std::size_t i = choice->end; i < lines.size(); ++i) out.append("\n").append(lines[i]);
  return out;
}

TEST_CASE("another answer is chosen in place of the answer", "[document][others]") {
  const std::string mark = "<!-- chatvim:answer a/b -->";
  const std::string document = kQuestion + "One.\n</details>\n\n" + mark + "\n\n" +
                               other("c/d", "Two.") + "\n\n" + other("e/f", "Three.") + kNext;
  const std::string expected = kQuestion + "Three.\n\n<!-- chatvim:answer e/f -->\n\n" +
                               other("c/d", "Two.") + "\n\n" + other("a/b", "One.\n\\</details>") +
                               kNext;
  CHECK(chosen(document, 17) == expected);
  CHECK(chosen(document, 23) == expected);
  CHECK(chosen(expected, 16) == document);  // the same row: back to what it was
  // An answer that says nothing about itself.
  CHECK(chosen(kQuestion + "One.\n\n" + other("c/d", "Two."), 6) ==
        kQuestion + "Two.\n\n<!-- chatvim:answer c/d -->\n\n" + other("unknown/unknown", "One."));
}

TEST_CASE("what cannot be chosen", "[document][others]") {
  const auto why = [](const std::string& document, std::size_t row) {
    const auto choice = choose_answer(buffer_lines(document), {}, row);
    REQUIRE_FALSE(choice);
    return choice.error();
  };
  const std::string document = kQuestion + "One.\n\n" + other("c/d", "Two.") + kNext;
  for (const std::size_t row : {0, 4, 5, 13, 99}) CHECK(why(document, row) == NoChoice::kNoOther);
  const std::string empty =
      "<details><summary>Answer: c/d</summary>\n\n<!-- chatvim:answer c/d -->\n\n</details>";
  CHECK(why(kQuestion + "One.\n\n" + empty, 6) == NoChoice::kEmpty);
  const std::string call =
      "<details><summary>Step 1: a</summary>\n\n```json x\n{}\n```\n\n</details>\n\n";
  CHECK(why(kQuestion + call + other("c/d", "Two."), 14) == NoChoice::kHasBlocks);
}

}  // namespace
}  // namespace chatvim::document::others_test
