// SPDX-License-Identifier: Apache-2.0
// Calls and states in answers: whatever the model and its tools say, what is written reads back.
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "document_generators.hpp"
#include "document_support.hpp"
#include "property.hpp"

namespace chatvim::document {

inline bool operator==(const ToolCall& left, const ToolCall& right) {
  return left.step == right.step && left.tool == right.tool && left.id == right.id &&
         left.arguments == right.arguments && left.is_json == right.is_json &&
         left.outcome == right.outcome && left.result == right.result;
}

inline bool operator==(const AnswerPart& left, const AnswerPart& right) {
  return left.kind == right.kind && left.text == right.text && left.model == right.model &&
         left.call == right.call;
}

inline std::ostream& operator<<(std::ostream& out, const AnswerPart& part) {
  return out << static_cast<int>(part.kind) << " [" << part.text << "] " << part.call.tool << " "
             << part.call.id << " [" << part.call.arguments << "] " << name_of(part.call.outcome)
             << " [" << part.call.result << "]";
}

}  // namespace chatvim::document

namespace chatvim::document::steps_test {
namespace {

using testing::Buffer;
using Kind = AnswerPart::Kind;
using Outcome = ToolCall::Outcome;

AnswerPart text(const std::string& words) { return {Kind::kText, words, {}, {}}; }

AnswerPart call(ToolCall one) { return {Kind::kCall, {}, std::move(one), {}}; }

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
  CHECK(messages[1].answer[0] == text("First."));
  CHECK(messages[1].answer[1] == AnswerPart{Kind::kState, "ZXlKMQ==", {}, "anthropic/claude"});
  CHECK(messages[1].answer[2] ==
        call({1, "files.read", "id1", "{\"a\": 1}", true, Outcome::kResult, "line one\nline two"}));
  CHECK(messages[1].answer[2].call.line == 10);
  CHECK(messages[1].answer[3] == text("Then."));
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
       {" " + kCall, replaced(kCall, "Step 1", "Step 0"),
        replaced(kCall, "Step 1", "Step 100000000000000000000"),
        replaced(kCall, "Step 1", "Step -1"), replaced(kCall, "files.read", "files read"),
        replaced(kCall, "</summary>\n", "</summary>"), replaced(kCall, "json id1", "json"),
        replaced(kCall, "json id1", "yaml id1"), replaced(kCall, "text result", "text approved"),
        replaced(kCall, "text result", "json result"),
        replaced(kCall, "\n\n</details>", "\n</details>"), replaced(kCall, "\n</details>", ""),
        replaced(kCall, "```\n\n```text", "```\n```text"),
        replaced(kCall, "</details>", "</details> done"),
        std::string("<!-- chatvim:state a/b\nZXlK"), std::string("<!-- chatvim:state \nZXlK\n-->"),
        std::string("<!-- chatvim:state a b\nZXlK\n-->")}) {
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

/// An answer of texts and calls, and the parts that it must become.
struct Generated {
  std::vector<std::string> texts;  // one more than calls
  std::vector<ToolCall> calls;
};

Generated generated(const Format& format) {
  Generated out;
  const auto word = [] {
    return *rc::gen::nonEmpty(
        rc::gen::container<std::string>(rc::gen::elementOf(std::string("aZ9._-"))));
  };
  const auto count = *rc::gen::inRange(0, 4);
  out.texts.push_back(*testing::reply_of(format).as("text"));
  for (int i = 0; i < count; ++i) {
    ToolCall one;
    one.step = *rc::gen::inRange<std::size_t>(1, 1000);
    one.tool = word();
    one.id = word() + *rc::gen::element<std::string>("", "/+=:", "\xC3\xBC", "{}");
    one.is_json = *rc::gen::arbitrary<bool>();
    one.arguments = *testing::reply_of(format).as("arguments");
    one.outcome = *rc::gen::element(Outcome::kOpen, Outcome::kResult, Outcome::kError,
                                    Outcome::kRefused, Outcome::kCut);
    if (one.outcome != Outcome::kOpen) one.result = *testing::reply_of(format).as("result");
    out.calls.push_back(std::move(one));
    out.texts.push_back(*testing::reply_of(format).as("text"));
  }
  return out;
}

void check_round_trip(const Format& format) {
  const std::string document = *testing::document_of(format).as("document");
  const Generated answer = generated(format);
  const auto before = testing::messages_of(document, format);
  Buffer buffer(document, format);
  std::vector<AnswerPart> expected;
  for (std::size_t i = 0; i < answer.texts.size(); ++i) {
    for (const std::string& piece : testing::pieces_of(answer.texts[i])) buffer.answer(piece);
    const std::string words = testing::message_of(answer.texts[i], format);
    if (!words.empty()) expected.push_back(text(words));
    if (i == answer.calls.size()) break;
    ToolCall one = answer.calls[i];
    buffer.call(one);
    one.arguments = testing::clean(one.arguments);
    one.result = testing::clean(one.result);
    expected.push_back(call(std::move(one)));
  }
  buffer.finish();
  RC_LOG() << "document:\n" << document << "\nbuffer:\n" << buffer.text() << "\n";
  RC_ASSERT(!buffer.misplaced());
  RC_ASSERT(buffer.text().starts_with(document));
  const auto after = testing::messages_of(buffer.text(), format);
  if (answer.calls.empty()) {
    RC_ASSERT(after.size() == before.size() + (expected.empty() ? 0 : 1));
    return;
  }
  RC_ASSERT(after.size() == before.size() + 1);
  RC_ASSERT(std::equal(before.begin(), before.end(), after.begin()));
  RC_ASSERT(after.back().role == Role::kAssistant);
  RC_ASSERT(after.back().answer == expected);
}

TEST_CASE("every answer with calls reads back as it came", "[document][steps]") {
  CHECK(testing::holds("round trip with calls", 3000, [] { check_round_trip({}); }));
}

TEST_CASE("every answer with calls reads back with the user's own format", "[document][steps]") {
  CHECK(testing::holds("round trip with calls and own formats", 2000, [] {
    Format format = *rc::gen::elementOf(testing::formats());
    RC_PRE(format.user_delimiter != kReasoningClose &&
           format.assistant_delimiter != kReasoningClose);
    check_round_trip(format);
  }));
}

}  // namespace
}  // namespace chatvim::document::steps_test
