// SPDX-License-Identifier: Apache-2.0
// Answers that continue or replace the last answer.
#include "chatvim/document/place.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "document_generators.hpp"
#include "document_support.hpp"
#include "place_support.hpp"
#include "property.hpp"

namespace chatvim::document {
namespace {

using testing::Buffer;
using testing::buffer_lines;
using testing::messages_of;
using Messages = std::vector<Message>;
using namespace testing::place;

TEST_CASE("the part of an answer that a continuation keeps", "[document]") {
  struct Case {
    std::string answer;  // below the assistant's delimiter
    std::string kept;
    std::string range;
  };
  const std::vector<Case> cases = {
      {"The end", "The end", ""},
      {"The end  \n\n", "The end", "  \n\n"},
      {"The end" + kNext, "The end", ""},
      {"The end \t" + kNext, "The end", " \t"},
      {"a\n\nb" + kNext, "a\n\nb", ""},
      // A fence that was closed after a cut answer, and an open fence.
      {"Look:\n```lua\nlocal a\n```" + kNext, "Look:\n```lua\nlocal a", "\n```"},
      {"```lua\nlocal a\n\n \n  ```  " + kNext, "```lua\nlocal a", "\n\n \n  ```  "},
      {"```\n```", "```", "\n```"},
      {"````\n```", "````\n```", ""},
      {"```\na\n```\nb", "```\na\n```\nb", ""},
      {"~~~\n```\n~~~", "~~~\n```", "\n~~~"},
      // A line that may become a delimiter, or that is escaped.
      {"a\n# === US", "a\n# === US", "# === US"},
      {"a\n\n# === USERS", "a\n\n# === USERS", ""},
      {"a\n\\# === USER ===  " + kNext, "a\n# === USER ===", "\\# === USER ===  "},
      {"a\n\\", "a\n\\", "\\"},
      {"#", "#", "#"},
      {"<details>", "<details>", "<details>"},
      // The beginning of a call or a state is text, but a later line could be its end.
      {"a\n<!-- chatvim:state a/b\nQQ", "a\n<!-- chatvim:state a/b\nQQ",
       "a\n<!-- chatvim:state a/b\nQQ"},
      {"a\n<!-- chatvim:state a/b\nQ Q\nb", "a\n<!-- chatvim:state a/b\nQ Q\nb", ""},
      {"<details><summary>Step 1: a</summary>\n\n```json x\n",
       "<details><summary>Step 1: a</summary>\n\n```json x",
       "<details><summary>Step 1: a</summary>\n\n```json x\n"},
      {"a\n<details>", "a\n<details>", "<details>"},
      {"a\n<details>x", "a\n<details>x", ""},
      // A reasoning block stays; an unclosed one is text.
      {"<details><summary>Reasoning</summary>\n\nx\n\n</details>\n\nThe end" + kNext, "The end",
       ""},
      {"<details><summary>Reasoning</summary>\n\nx" + kNext,
       "<details><summary>Reasoning</summary>\n\nx", "<details><summary>Reasoning</summary>\n\nx"},
      // Empty messages below the answer.
      {"The end" + kNext + "# === SYSTEM ===\n", "The end", ""},
      {"The end\n\n# === SYSTEM ===\n\n", "The end", ""},
  };
  for (const Case& one : cases) {
    const std::string document = kQuestion + one.answer;
    CAPTURE(document);
    const Place place = found(find_continuation, document);
    CHECK(place.kept == one.kept);
    CHECK(range_of(document, place) == one.range);
    CHECK(place.delimiter_below == (one.answer.find("\n# === USER ===\n") != std::string::npos));
  }
}

TEST_CASE("without an answer there is nothing to continue or retry", "[document]") {
  for (const std::string& document :
       {std::string(), std::string("Q"), kQuestion, kQuestion + "A" + kNext + "R",
        kQuestion + "A\n# === SYSTEM ===\nS",
        kQuestion + "<details><summary>Reasoning</summary>\n\nx\n\n</details>"}) {
    CAPTURE(document);
    CHECK_FALSE(find_continuation(buffer_lines(document), {}));
    CHECK_FALSE(find_retry(buffer_lines(document), {}));
  }
}

TEST_CASE("a continued answer is appended where it ended", "[document]") {
  const auto check = [](const std::string& answer, const std::string& reply,
                        const std::string& expected) {
    check_written(find_continuation, kQuestion + answer, reply, kQuestion + expected);
  };
  check("The answer" + kNext, " is 42.", "The answer is 42." + kNext);
  check("The answer", " is 42.\n\n", "The answer is 42." + kNext);
  check("The answer \n\n\n", "\n\nis 42.", "The answer\n\nis 42." + kNext);
  check("The answer" + kNext + "\n\n", " is", "The answer is" + kNext + "\n\n");
  // An empty answer changes nothing.
  check("Look:\n```\na\n```  " + kNext, "\n \n", "Look:\n```\na\n```  " + kNext);
  check("a\n\\# === USER ===" + kNext, "", "a\n\\# === USER ===" + kNext);
  // Fences.
  check("```lua\nlocal a\n```" + kNext, " = 1", "```lua\nlocal a = 1\n```" + kNext);
  check("```lua\nlocal a\n```" + kNext, "\n```\nDone.", "```lua\nlocal a\n```\nDone." + kNext);
  check("```\na\n```\nb", "\n```", "```\na\n```\nb\n```\n```" + kNext);
  // Delimiters that only arise where the two parts meet.
  check("a\n# === US" + kNext, "ER ===\nb", "a\n\\# === USER ===\nb" + kNext);
  check("a\n# === US" + kNext, "A\nb", "a\n# === USA\nb" + kNext);
  check("a\n\n\\# === USER ===" + kNext, " x", "a\n\n# === USER === x" + kNext);
  check("a\n\\# === USER ===" + kNext, "\nb", "a\n\\# === USER ===\nb" + kNext);
  check("<details><summary>Reasoning</summary>\nx" + kNext, "\n</details>\ny",
        "\\<details><summary>Reasoning</summary>\nx\n</details>\ny" + kNext);
  // A reasoning block in the document is kept.
  const std::string block = "<details><summary>Reasoning</summary>\n\nx\n\n</details>\n\n";
  check(block + "The answer" + kNext, " is 42.", block + "The answer is 42." + kNext);
}

TEST_CASE("a continued answer's reasoning is not written", "[document]") {
  const std::string document = kQuestion + "The answer" + kNext;
  PlacedBuffer buffer(document, {}, found(find_continuation, document));
  buffer.reasoning("Hm");
  CHECK(buffer.text() == document);
  buffer.answer(" is 42");
  buffer.finish();
  CHECK(buffer.text() == kQuestion + "The answer is 42" + kNext);
}

TEST_CASE("a retried answer replaces the last one", "[document]") {
  const auto check = [](const std::string& old, const std::string& reply,
                        const std::string& expected) {
    check_written(find_retry, old, reply, expected);
  };
  check(kQuestion + "A\n```\nb\n```" + kNext, "C", kQuestion + "C" + kNext);
  check(kQuestion + "A", "C\n", kQuestion + "C" + kNext);
  check(kQuestion + "A" + kNext, " \n", kQuestion + "A" + kNext);
  // White space becomes what the writer normally writes.
  check("Q\n# === ASSISTANT ===\nA\n# === USER ===", "C", "Q\n# === ASSISTANT ===\n\nC" + kNext);
  check(kQuestion + "\n\nA  \n\n\n\n", "C", kQuestion + "\n\nC" + kNext);
  // The reasoning is replaced too.
  check(kQuestion + "<details><summary>Reasoning</summary>\n\nx\n\n</details>\n\nA" + kNext, "C",
        kQuestion + "C" + kNext);
  // Other text below the answer stays.
  check(kQuestion + "A" + kNext + "# === SYSTEM ===\n", "C",
        kQuestion + "C" + kNext + "# === SYSTEM ===\n");
}

TEST_CASE("a retried answer can keep its reasoning", "[document]") {
  const std::string document = kQuestion + "A" + kNext;
  PlacedBuffer buffer(document, {}, found(find_retry, document));
  buffer.reasoning("Hm");
  CHECK(buffer.text() == kQuestion + "<details><summary>Reasoning</summary>\n\nHm" + kNext);
  buffer.answer("C");
  buffer.finish();
  CHECK(buffer.text() ==
        kQuestion + "<details><summary>Reasoning</summary>\n\nHm\n\n</details>\n\nC" + kNext);
}

TEST_CASE("closing returns the text that would end an answer now", "[document]") {
  const std::string below = kQuestion + "```\na\n```" + kNext;
  ReplyWriter on({}, found(find_continuation, below));
  CHECK(on.closing().empty());
  on.answer(" = 1");
  CHECK(on.closing() == "\n```");
  on.answer("\n```\n");
  CHECK(on.closing().empty());
  on.finish();
  CHECK(on.closing().empty());

  ReplyWriter first({}, read_tail(buffer_lines("Q"), {}));
  CHECK(first.closing() == kNext);
  first.reasoning("x\n~~~");
  CHECK(first.closing() == "\n~~~\n\n</details>" + kNext);
  first.answer("```c\nint");
  CHECK(first.closing() == "\n```" + kNext);
}

/// A conversation that ends with an answer, and the new reply.
struct Turn {
  Format format;
  std::string document;
  std::vector<std::string> reasoning;
  std::vector<std::string> reply;
};

Format any_format() {
  if (*rc::gen::arbitrary<bool>()) return {};
  Format format = *rc::gen::elementOf(testing::formats());
  const auto white_space =
      rc::gen::container<std::string>(rc::gen::element(' ', '\t', '\n', '\n', '\n'));
  format.delimiter_prefix = *white_space;
  format.delimiter_suffix = *white_space;
  return format;
}

Turn any_turn() {
  Turn turn;
  turn.format = any_format();
  const std::string gap = *rc::gen::element<std::string>("\n", "\n\n", " \n\n\n", "\n\t\n");
  turn.document = *testing::document_of(turn.format).as("above") + "\n" +
                  turn.format.assistant_delimiter + gap +
                  *testing::text_of(testing::tokens_of(turn.format)).as("answer");
  if (*rc::gen::inRange(0, 3) != 0) {
    turn.document += gap + turn.format.user_delimiter + gap;
  }
  turn.reasoning = testing::pieces_of(*testing::reply_of(turn.format).as("reasoning"));
  turn.reply = testing::pieces_of(*testing::reply_of(turn.format).as("reply"));
  return turn;
}

/// Applies the reply in its place and checks that the text around the range is unchanged.
PlacedBuffer written(const Turn& turn, const Place& place) {
  PlacedBuffer buffer(turn.document, turn.format, place);
  for (const std::string& piece : turn.reasoning) buffer.reasoning(piece);
  for (const std::string& piece : turn.reply) buffer.answer(piece);
  buffer.finish();
  RC_LOG() << "document:\n" << turn.document << "\nbuffer:\n" << buffer.text() << "\n";
  RC_ASSERT(buffer.text().starts_with(buffer.before()));
  RC_ASSERT(buffer.text().ends_with(buffer.behind()));
  if (!buffer.writer().started()) RC_ASSERT(buffer.text() == turn.document);
  return buffer;
}

bool is_blank(const std::string& text) {
  return text.find_first_not_of(" \t\n") == std::string::npos;
}

/// Returns a message without a final line that closes a fence, and without trailing white space.
std::string without_closer(const std::string& message) {
  std::string kept = message;
  const std::size_t last = message.rfind('\n');
  if (last != std::string::npos && testing::open_fence(message).empty() &&
      !testing::open_fence(message.substr(0, last)).empty()) {
    kept.resize(last);
  }
  return kept.substr(0, kept.find_last_not_of(" \t\n") + 1);
}

/// Returns the text that a continuation continues, if there is any: of an answer with calls, the
/// text below the last one.
std::optional<std::string> continued_text(const std::string& document, const Messages& messages) {
  if (messages.empty() || messages.back().role != Role::kAssistant) return std::nullopt;
  const auto lines = buffer_lines(document);
  const auto body = std::span(lines).subspan(find_front_matter(lines).body_line);
  const Message& message = messages.back();
  if (message.answer.empty()) return message.content;
  const auto last =
      std::find_if(message.answer.rbegin(), message.answer.rend(),
                   [](const AnswerPart& part) { return part.kind != AnswerPart::Kind::kState; });
  if (last == message.answer.rend() || last->kind != AnswerPart::Kind::kText) return std::nullopt;
  const bool is_first = &*last == &message.answer.front();
  const bool is_reasoning = message.answer.front().kind == AnswerPart::Kind::kText &&
                            text::trim_end(body[message.line]) == std::string_view(kReasoningOpen);
  // A later line could close it, and its first line, above a state, cannot be escaped any more.
  if (is_reasoning && !is_first) return std::nullopt;
  return last->text;
}

/// Whether the last message begins with reasoning without an end, and has other blocks below that.
/// A later line could close it, and its first line cannot be escaped any more.
bool is_stuck(const std::string& document, const Messages& messages) {
  const auto lines = buffer_lines(document);
  const auto body = std::span(lines).subspan(find_front_matter(lines).body_line);
  const Message& message = messages.back();
  return (message.provenance || !message.others.empty()) &&
         text::trim_end(body[message.line]) == std::string_view(kReasoningOpen);
}

void check_next_message(const PlacedBuffer& buffer, const Turn& turn, Messages expected) {
  if (is_blank(buffer.behind())) {
    expected.push_back({Role::kUser, "next"});
    RC_ASSERT(messages_of(buffer.text() + "next", turn.format) == expected);
  }
}

TEST_CASE("every continued answer reads back as both parts", "[document]") {
  CHECK(testing::holds("continue", 6000, [] {
    const Turn turn = any_turn();
    const auto place = find_continuation(buffer_lines(turn.document), turn.format);
    Messages expected = messages_of(turn.document, turn.format);
    const auto text = continued_text(turn.document, expected);
    // Text above the last call that begins one itself.
    if (!place && text && !expected.back().broken_blocks.empty()) return;
    if (!place && text && is_stuck(turn.document, expected)) return;
    RC_ASSERT(place.has_value() == text.has_value());
    if (!place) return;
    RC_ASSERT(text->starts_with(place->above));
    const std::string below = text->substr(place->above.size());
    const std::string kept = without_closer(below);
    RC_ASSERT(place->kept == kept);
    const PlacedBuffer buffer = written(turn, *place);
    const std::string reply = testing::joined(turn.reply);
    if (is_blank(testing::clean(reply))) {
      RC_ASSERT(buffer.text() == turn.document);
      return;
    }
    std::string& content = expected.back().content;
    content.resize(content.size() - below.size());
    content += testing::clean_message(kept + testing::clean(reply), turn.format);
    RC_ASSERT(messages_of(buffer.text(), turn.format) == expected);
    check_next_message(buffer, turn, expected);
  }));
}

TEST_CASE("every retried answer gives the same text as a first answer", "[document]") {
  CHECK(testing::holds("retry", 5000, [] {
    Turn turn = any_turn();
    if (*rc::gen::arbitrary<bool>()) turn.reasoning.clear();
    const auto place = find_retry(buffer_lines(turn.document), turn.format);
    Messages expected = messages_of(turn.document, turn.format);
    RC_ASSERT(place.has_value() == (!expected.empty() && expected.back().role == Role::kAssistant));
    if (!place) return;
    const PlacedBuffer buffer = written(turn, *place);
    expected.pop_back();
    const std::string message = testing::message_of(testing::joined(turn.reply), turn.format);
    if (!message.empty()) expected.push_back({Role::kAssistant, message});
    if (!buffer.writer().started()) {
      RC_ASSERT(message.empty());
      RC_ASSERT(buffer.text() == turn.document);
      return;
    }
    RC_ASSERT(messages_of(buffer.text(), turn.format) == expected);
    check_next_message(buffer, turn, expected);

    Buffer first(buffer.before(), turn.format);
    for (const std::string& piece : turn.reasoning) first.reasoning(piece);
    for (const std::string& piece : turn.reply) first.answer(piece);
    first.finish();
    if (buffer.behind().empty() || buffer.behind() == write_user_delimiter(turn.format)) {
      RC_ASSERT(buffer.text() == first.text());
    }
  }));
}

}  // namespace
}  // namespace chatvim::document
