// SPDX-License-Identifier: Apache-2.0
// Answers with calls that are continued, resumed or replaced.
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "chatvim/document/place.hpp"
#include "document_support.hpp"
#include "place_support.hpp"

namespace chatvim::document::place_calls_test {
namespace {

using testing::buffer_lines;
using namespace testing::place;

/// A call as it is written, with a result or open.
std::string block(int step, const std::string& id, const std::string& result) {
  return "<details><summary>Step " + std::to_string(step) + ": a</summary>\n\n```json " + id +
         "\n{}\n```\n\n" + (result.empty() ? "" : "```text result\n" + result + "\n```\n\n") +
         "</details>";
}

const std::string kState = "<!-- chatvim:state a/b\nQQ==\n-->";

TEST_CASE("of an answer with calls, the text after the last one is continued", "[document]") {
  const std::string above = "One.\n\n" + kState + "\n\n" + block(1, "x", "1") + "\n\n";
  const auto check = [&](const std::string& answer, const std::string& reply,
                         const std::string& expected) {
    check_written(find_continuation, kQuestion + above + answer, reply,
                  kQuestion + above + expected);
  };
  CHECK(found(find_continuation, kQuestion + above + "The end").kept == "The end");
  check("The answer" + kNext, " is 42.", "The answer is 42." + kNext);
  check("```\na\n```" + kNext, "b", "```\nab\n```" + kNext);
  check("<details>" + kNext, "<summary>Step", "\\<details><summary>Step" + kNext);
  check("<!-- chatvim:state a/b" + kNext, "\nQQ==\n-->",
        "\\<!-- chatvim:state a/b\nQQ==\n-->" + kNext);
  check("<details><summary>Reasoning</summary>" + kNext, "\n</details>",
        "<details><summary>Reasoning</summary>\n</details>" + kNext);
  // A state below belongs to the text as it was.
  check("The answer\n\n" + kState + kNext, " is 42.", "The answer is 42." + kNext);
  for (const std::string& answer :
       {block(1, "x", "1"), block(1, "x", ""), above + kState, kState}) {
    CHECK_FALSE(find_continuation(buffer_lines(kQuestion + answer + kNext), {}));
  }
}

TEST_CASE("a continued answer can go on with a call", "[document]") {
  for (const std::string& text : {std::string("Look"), std::string("```lua\nlocal a\n```"),
                                  std::string("a\n# === US"), std::string("<details>")}) {
    const std::string document = kQuestion + text + kNext;
    PlacedBuffer buffer(document, {}, found(find_continuation, document));
    buffer.part({AnswerPart::Kind::kCall, "", {1, "a", "x", "{}"}});
    buffer.finish();
    CHECK(buffer.text() == kQuestion + text + "\n\n" + block(1, "x", "") + kNext);
  }
}

TEST_CASE("an answer that ends with a call goes on behind it", "[document]") {
  const auto check = [&](const std::string& answer, const std::string& reply,
                         const std::string& expected) {
    CHECK(found(find_resumption, kQuestion + answer).after_block);
    check_written(find_resumption, kQuestion + answer, reply, kQuestion + expected);
  };
  const std::string calls = "One.\n\n" + block(1, "x", "1") + "\n\n" + block(2, "y", "2");
  check(calls + kNext, "Two.", calls + "\n\nTwo." + kNext);
  check(calls, "\n\nTwo.", calls + "\n\nTwo." + kNext);
  check(calls + "  \n\n\n", "Two.", calls + "\n\nTwo." + kNext);
  check(calls + kNext, "\n", calls + kNext);
  check(calls + "\n\n" + kState + kNext, "Two.", calls + "\n\n" + kState + "\n\nTwo." + kNext);
  // Only the first line of a message can open reasoning.
  check(calls + kNext, "<details><summary>Reasoning</summary>",
        calls + "\n\n<details><summary>Reasoning</summary>" + kNext);
  // An open call above the last step is not touched.
  const std::string older = block(1, "x", "") + "\n\n" + block(2, "y", "2");
  check(older + kNext, "Two.", older + "\n\nTwo." + kNext);
  for (const std::string& answer : {std::string("One."), block(1, "x", "") + "\n\nOne.", kState}) {
    CHECK_FALSE(find_resumption(buffer_lines(kQuestion + answer + kNext), {}));
  }
  CHECK_FALSE(find_resumption(buffer_lines(calls + kNext), {}));  // the user's
  // The new text could close what is left open above.
  const std::string unfinished =
      kQuestion + "<details><summary>Step 1: a</summary>\n\n`````json x\n\n";
  CHECK_FALSE(find_resumption(buffer_lines(unfinished + calls + kNext), {}));
  CHECK_FALSE(find_continuation(buffer_lines(unfinished + calls + "\n\nTwo." + kNext), {}));
}

TEST_CASE("open calls are written again with their results", "[document]") {
  const std::string reasoning = "<details><summary>Reasoning</summary>\n\nHm\n\n</details>\n\n";
  const std::string done = block(1, "w", "") + "\n\n";
  const std::string first = block(2, "x", "1") + "\n\n";
  const std::string rest = "\n\nAnd:\n\n" + block(2, "z", "3");
  for (const std::string& above : {std::string(), reasoning, "One.\n\n" + done, done + first}) {
    for (const std::string& below : {kNext, std::string(), std::string("\n")}) {
      const std::string document = kQuestion + above + block(2, "y", "") + rest + below;
      CAPTURE(document);
      const Place place = found(find_resumption, document);
      REQUIRE(place.again_parts.size() == 3);
      CHECK(place.again_parts[0].call.id == "y");
      CHECK(place.again_parts[1].text == "And:");
      PlacedBuffer buffer(document, {}, place);
      CHECK(buffer.before() == kQuestion + above);
      for (AnswerPart part : place.again_parts) {
        if (part.call.id == "y") part.call.outcome = ToolCall::Outcome::kResult;
        if (part.call.id == "y") part.call.result = "2";
        buffer.part(part);
      }
      buffer.answer("Done.");
      buffer.finish();
      CHECK(buffer.text() == kQuestion + above + block(2, "y", "2") + rest + "\n\nDone." + kNext);
    }
  }
}

TEST_CASE("a retried answer takes its calls with it", "[document]") {
  check_written(find_retry, kQuestion + block(1, "x", "1") + "\n\nA\n\n" + kState + kNext, "C",
                kQuestion + "C" + kNext);
}

}  // namespace
}  // namespace chatvim::document::place_calls_test
