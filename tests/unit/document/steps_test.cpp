// SPDX-License-Identifier: Apache-2.0
// Calls and states in answers: whatever the model and its tools say, what is written reads back.
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "document_steps.hpp"

namespace chatvim::document::steps_test {
namespace {

using testing::Buffer;
using testing::call_part;
using testing::state_part;
using testing::text_part;
using Outcome = ToolCall::Outcome;

std::vector<AnswerPart> parts_of(const std::string& answer) {
  const auto messages =
      testing::messages_of("# === USER ===\nq\n# === ASSISTANT ===\n\n" + answer + "\n");
  REQUIRE(messages.size() == 2);
  return messages.back().answer;
}

const std::string kCall =
    "<details><summary>Step 1: files.read</summary>\n\n```json id1\n{\"a\": 1}\n```\n\n"
    "```text result\nline one\nline two\n```\n\n</details>";

TEST_CASE("an answer with calls is read in its order", "[document][steps]") {
  const std::string state = "<!-- chatvim:state anthropic/claude\nZXlK\nMQ==\n-->";
  const auto messages = testing::messages_of("q\n# === ASSISTANT ===\n\nFirst.\n\n" + state +
                                             "\n\n" + kCall + "\n\nThen.\n\n\n# === USER ===\n");
  REQUIRE(messages.size() == 2);
  CHECK(messages[1].content == "First.\n\nThen.");
  REQUIRE(messages[1].answer.size() == 4);
  CHECK(messages[1].answer[0] == text_part("First."));
  CHECK(messages[1].answer[1] == state_part("anthropic/claude", "ZXlKMQ=="));
  CHECK(messages[1].answer[2] == call_part({1, "files.read", "id1", "{\"a\": 1}", true,
                                            Outcome::kResult, "line one\nline two"}));
  CHECK(messages[1].answer[2].call.line == 10);
  CHECK(messages[1].answer[3] == text_part("Then."));
}

TEST_CASE("a call may be open, cut, refused or failed", "[document][steps]") {
  const auto with = [](const std::string& result) {
    return "<details><summary>Step 20: a-b.c_d</summary>\n\n````json x\n```\n````\n\n" + result +
           "</details>";
  };
  CHECK(parts_of(with("")).at(0).call == ToolCall{20, "a-b.c_d", "x", "```"});
  for (const auto outcome : {Outcome::kResult, Outcome::kError, Outcome::kRefused, Outcome::kCut}) {
    const std::string word(name_of(outcome));
    const auto parts = parts_of(with("```text " + word + "\n```\n\n"));
    CHECK(parts.at(0).call == ToolCall{20, "a-b.c_d", "x", "```", true, outcome, ""});
  }
  const auto cut =
      parts_of("<details><summary>Step 1: a</summary>\n\n```text x\n{\"a\n```\n\n</details>");
  CHECK_FALSE(cut.at(0).call.is_json);
}

TEST_CASE("what is not exactly a call is text", "[document][steps]") {
  const auto replaced = [](std::string from, const std::string& part, const std::string& by) {
    return from.replace(from.find(part), part.size(), by);
  };
  for (const std::string& answer :
       {" " + kCall,
        replaced(kCall, "Step 1", "Step 0"),
        replaced(kCall, "Step 1", "Step 100000000000000000000"),
        replaced(kCall, "Step 1", "Step -1"),
        replaced(kCall, "files.read", "files read"),
        replaced(kCall, "</summary>\n", "</summary>"),
        replaced(kCall, "json id1", "json"),
        replaced(kCall, "json id1", "yaml id1"),
        replaced(kCall, "text result", "text approved"),
        replaced(kCall, "text result", "json result"),
        std::string(
            "<details><summary>Step 1: a.b</summary>\n\n```text error\nr\n```\n\n</details>"),
        replaced(kCall, "\n\n</details>", "\n</details>"),
        replaced(kCall, "\n</details>", ""),
        replaced(kCall, "```\n\n```text", "```\n```text"),
        replaced(kCall, "</details>", "</details> done"),
        std::string("<!-- chatvim:state a/b\nZXlK"),
        std::string("<!-- chatvim:state \nZXlK\n-->"),
        std::string("<!-- chatvim:state a b\nZXlK\n-->"),
        std::string("<!-- chatvim:state a/b\nZX lK\n-->"),
        std::string("<!-- chatvim:state a/b\nZXlK\n\n-->")}) {
    INFO(answer);
    CHECK(parts_of(answer).empty());
  }
  // In other messages it is text as well.
  const auto messages =
      testing::messages_of("# === USER ===\n\n" + kCall + "\n\n# === SYSTEM ===\n\n" + kCall);
  REQUIRE(messages.size() == 2);
  for (const Message& message : messages) {
    CHECK(message.answer.empty());
    CHECK(message.content == kCall);
  }
}

TEST_CASE("a call is written as specified", "[document][steps]") {
  Buffer buffer("# === USER ===\n\nq");
  buffer.answer("Look:\n\n```lua\nx");
  buffer.call({1, "files.read", "id1", "{\"a\": 1}", true, Outcome::kResult, "line one\nline two"});
  buffer.state("anthropic/claude", std::string(150, 'a'));
  buffer.call({2, "x.y", "id2", "{}"});
  buffer.answer("\n\nDone.");
  buffer.finish();
  CHECK(buffer.text() ==
        "# === USER ===\n\nq\n\n# === ASSISTANT ===\n\nLook:\n\n```lua\nx\n```\n\n" + kCall +
            "\n\n<!-- chatvim:state anthropic/claude\n" + std::string(100, 'a') + "\n" +
            std::string(50, 'a') + "\n-->\n\n" +
            "<details><summary>Step 2: x.y</summary>\n\n```json id2\n{}\n```\n\n</details>\n\n"
            "Done.\n\n# === USER ===\n\n");
}

TEST_CASE("lines that begin like a call and are none are reported", "[document][steps]") {
  const auto broken = [](const std::string& answer) {
    return testing::messages_of("q\n# === ASSISTANT ===\n" + answer).back().broken_blocks;
  };
  using Rows = std::vector<std::size_t>;
  CHECK(broken(kCall).empty());
  CHECK(broken("<details><summary>Step by step</summary>\n\n" + kCall) == Rows{2});
  CHECK(broken("a\n<!-- chatvim:state x y\n-->\n\n```\n<details><summary>Step 1</summary>") ==
        Rows{3, 7});
  CHECK(broken("\\<details><summary>Step 1</summary>\n <!-- chatvim:state").empty());
  // Neither what stands inside a call nor reasoning is looked at.
  std::string inside = kCall;
  inside.replace(inside.find("line one"), 8, "<!-- chatvim:state a/b");
  CHECK(broken("<details><summary>Reasoning</summary>\n\n<details><summary>Step\n\n</details>\n" +
               inside)
            .empty());
  CHECK(testing::messages_of("<details><summary>Step\n").front().broken_blocks.empty());
}

TEST_CASE("names and ids that cannot stand in a document are replaced", "[document][steps]") {
  Buffer buffer("q");
  buffer.call({0, "a b\n# === USER ===", "x\n```\n\n</details>", "{}"});
  buffer.call({1'234'567, "", std::string(600, 'i'), "{}"});
  buffer.call({2, std::string(300, 't'), "\xC3", "{}"});
  buffer.state("a b", "QQ==");
  buffer.finish();
  const auto messages = testing::messages_of(buffer.text());
  REQUIRE(messages.size() == 2);
  const auto& parts = messages[1].answer;
  REQUIRE(parts.size() == 4);
  CHECK(parts[0].call == ToolCall{1, "a_b_______USER____", "x______</details>", "{}"});
  CHECK(parts[1].call == ToolCall{999'999, "_", std::string(500, 'i'), "{}"});
  CHECK(parts[2].call == ToolCall{2, std::string(200, 't'), "_", "{}"});
  CHECK(parts[3] == state_part("a_b", "QQ=="));
}

TEST_CASE("reasoning between calls is not written", "[document][steps]") {
  Buffer buffer("q");
  buffer.reasoning("Hm.");
  buffer.call({1, "a", "1", "{}"});
  const std::string before = buffer.text();
  buffer.reasoning("More.");
  CHECK(buffer.text() == before);
  CHECK(
      before.ends_with("Hm.\n\n</details>\n\n<details><summary>Step 1: a</summary>\n\n"
                       "```json 1\n{}\n```\n\n</details>"));
}

TEST_CASE("calls that are expected are part of what would end the answer", "[document][steps]") {
  const std::string block =
      "\n\n<details><summary>Step 1: a</summary>\n\n```json 1\n{}\n```\n\n</details>";
  const std::string next = "\n\n# === USER ===\n\n";
  Buffer buffer("q");
  buffer.expect({call_part({1, "a", "1", "{}"})});
  CHECK(buffer.writer().ending().text == "\n\n# === ASSISTANT ===" + block + next);
  CHECK(buffer.writer().closing() == "\n\n# === ASSISTANT ===" + block + next);
  buffer.reasoning("```\nx\n#");
  CHECK(buffer.writer().closing() == "\n```\n\n</details>" + block + next);
  CHECK(buffer.writer().ending().text == "\n#\n```\n\n</details>" + block + next);
  buffer.answer("```\nx\n#");
  CHECK(buffer.writer().closing() == "\n```" + block + next);
  CHECK(buffer.writer().ending().text == "\n#\n```" + block + next);
  buffer.expect({});
  CHECK(buffer.writer().ending().text == "\n#\n```" + next);
  buffer.expect({call_part({1, "a", "1", "{}"})});
  const std::string text = buffer.text();
  buffer.finish();
  CHECK(buffer.text() == text + "\n#\n```" + next);
}

TEST_CASE("blocks that are never closed are read in linear time", "[document][steps]") {
  // A search from each of these lines to the end would take minutes.
  constexpr int kCount = 100'000;
  std::string call;
  std::string state;
  for (int i = 0; i < kCount; ++i) {
    call += "<details><summary>Step 1: a</summary>\n\n````json x\n";
    state += "<!-- chatvim:state a/b\nZXlK\n";
  }
  CHECK(parts_of(call).empty());
  CHECK(parts_of(state).empty());
  // Closed far below, by what is no call after all.
  CHECK(parts_of(call + "````\n").empty());
  CHECK(parts_of(state + "no base64\n-->").empty());
}

TEST_CASE("a large state is read and written", "[document][steps]") {
  Buffer buffer("q");
  const std::string base64(4 * 1024 * 1024, 'Q');
  buffer.state("a/b", base64);
  buffer.finish();
  CHECK(testing::messages_of(buffer.text()).back().answer.at(0).text == base64);
}

}  // namespace
}  // namespace chatvim::document::steps_test
