// SPDX-License-Identifier: Apache-2.0
// An interrupted answer with calls is restored as if it had been stopped.
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <string>

#include "chatvim/document/place.hpp"
#include "chatvim/document/restore.hpp"
#include "document_support.hpp"
#include "restore_support.hpp"

namespace chatvim::document::restore_calls_test {
namespace {

using testing::buffer_lines;
using testing::messages_of;
using testing::restored;
using testing::stopped;

/// Returns an answer with calls to `document` that was interrupted.
LostAnswer with_calls(const std::string& document) {
  const auto lines = buffer_lines(document);
  ReplyWriter writer({}, read_tail(lines, {}));
  LostAnswer lost{{}, read_lead(lines, {}), "", ""};
  const auto call = [](const std::string& id, ToolCall::Outcome outcome) {
    return AnswerPart{AnswerPart::Kind::kCall,
                      "",
                      {1, "files.read", id, "{\"path\": \"a\"}", true, outcome,
                       "no such file\n# === USER ===\nx"}};
  };
  lost.text = writer.answer("I'll look at the files.").text;
  lost.text += writer.part({AnswerPart::Kind::kState, std::string(250, 'Q'), {}, "a/b"}).text;
  lost.text += writer.part(call("one", ToolCall::Outcome::kError)).text;
  writer.expect({call("two", ToolCall::Outcome::kOpen), call("three", ToolCall::Outcome::kOpen)});
  lost.ending = writer.ending().text;
  return lost;
}

TEST_CASE("an answer with calls is restored like any other", "[restore]") {
  const std::string document = "# === USER ===\n\nWhat is in the files?";
  const LostAnswer lost = with_calls(document);
  const std::string whole = stopped(document, lost);
  const auto parts = messages_of(whole).back().answer;
  REQUIRE(parts.size() == 5);
  CHECK(parts[4].call.id == "three");
  CHECK(parts[4].call.outcome == ToolCall::Outcome::kOpen);
  for (std::size_t size = 0; size <= lost.text.size(); ++size) {
    CAPTURE(size);
    CHECK(restored(document + lost.text.substr(0, size), lost) == whole);
  }
  CHECK(restored(whole, lost) == whole);
  // Text that somebody wrote below stays below.
  const std::string below = document + lost.text + "\n\n# === USER ===\n\nMine.";
  CHECK(messages_of(restored(below, lost)).back().content == "Mine.");
  CHECK(messages_of(restored(below, lost)).at(1).answer.size() == 5);
  CHECK(count_answer(lost) > 400);
}

TEST_CASE("the results of open calls are restored in their place", "[restore]") {
  const std::string question = "# === USER ===\n\nWhat is in the files?";
  const std::string document = stopped(question, with_calls(question));
  const auto lines = buffer_lines(document);
  const auto place = find_resumption(lines, {});
  REQUIRE(place);
  ReplyWriter writer({}, *place);
  LostAnswer lost{{}, read_lead(lines, {}, *place), "", ""};
  REQUIRE(place->again_parts.size() == 2);
  auto first = place->again_parts[0];
  first.call.outcome = ToolCall::Outcome::kResult;
  first.call.result = "text";
  lost.text = writer.part(first).text;
  writer.expect({place->again_parts[1]});
  lost.ending = writer.ending().text;
  std::string whole = document;
  const std::size_t open = whole.find("```\n\n</details>", whole.find("json two"));
  whole.insert(open + 5, "```text result\ntext\n```\n\n");
  CHECK(restored(document, lost) == whole);
  CHECK(restored(whole, lost) == whole);
}

}  // namespace
}  // namespace chatvim::document::restore_calls_test
