// SPDX-License-Identifier: Apache-2.0
// Whatever the model and its tools say, and wherever the answer is cut, an answer with calls reads
// back as it came, and forges neither a message nor a call, a result or an end.
#include <catch2/catch_test_macros.hpp>
#include <optional>
#include <string>
#include <vector>

#include "chatvim/document/place.hpp"
#include "document_steps.hpp"

namespace chatvim::document::steps_property_test {
namespace {

using testing::Buffer;
using testing::messages_of;
using testing::read_back;
using Kind = AnswerPart::Kind;
using Parts = std::vector<AnswerPart>;

Format any_format() {
  Format format = *rc::gen::elementOf(testing::formats());
  RC_PRE(testing::can_keep_calls(format));
  const auto white_space =
      rc::gen::container<std::string>(rc::gen::element(' ', '\t', '\n', '\n', '\n'));
  format.delimiter_prefix = *white_space;
  format.delimiter_suffix = *white_space;
  return format;
}

/// A document, and an answer to it.
struct Turn {
  Format format;
  std::string document;
  Parts parts;
};

Turn any_turn(const Format& format) {
  return {format, *testing::document_of(format).as("document"), testing::any_answer(format)};
}

/// Checks that a text holds the messages of a document and then an answer of these parts.
void check_answer(const Turn& turn, const std::string& text, const Parts& parts) {
  RC_LOG() << "document:\n" << turn.document << "\ntext:\n" << text << "\n";
  const auto before = messages_of(turn.document, turn.format);
  const auto after = messages_of(text, turn.format);
  const Parts expected = read_back(parts, turn.format);
  if (expected.empty()) {
    const std::string words =
        parts.empty() ? "" : testing::message_of(parts.front().text, turn.format);
    RC_ASSERT(after.size() == before.size() + (words.empty() ? 0 : 1));
    if (!words.empty()) RC_ASSERT(after.back().content == words);
  } else {
    RC_ASSERT(after.size() == before.size() + 1);
    RC_ASSERT(after.back().role == Role::kAssistant);
    RC_ASSERT(after.back().answer == expected);
    RC_ASSERT(after.back().broken_blocks.empty());
  }
  RC_ASSERT(std::equal(before.begin(), before.end(), after.begin()));
}

void check_round_trip(const Turn& turn) {
  Buffer buffer(turn.document, turn.format);
  for (const AnswerPart& part : turn.parts) testing::write_part(buffer, part);
  buffer.finish();
  RC_ASSERT(!buffer.misplaced());
  RC_ASSERT(buffer.text().starts_with(turn.document));
  check_answer(turn, buffer.text(), turn.parts);
  // How it was cut makes no difference.
  Buffer whole(turn.document, turn.format);
  for (const AnswerPart& part : turn.parts) whole.part(part);
  whole.finish();
  RC_ASSERT(whole.text() == buffer.text());
}

TEST_CASE("every answer with calls reads back as it came", "[document][steps]") {
  CHECK(testing::holds("round trip with calls", 3000, [] { check_round_trip(any_turn({})); }));
}

TEST_CASE("every answer with calls reads back with the user's own format", "[document][steps]") {
  CHECK(testing::holds("round trip with calls and own formats", 3000,
                       [] { check_round_trip(any_turn(any_format())); }));
}

/// Checks what a stop would leave after `arrived`, and what is left if the writer is lost.
void check_cut(const Turn& turn, const Buffer& buffer, const Parts& arrived,
               const Parts& expected) {
  Parts all = arrived;
  all.insert(all.end(), expected.begin(), expected.end());
  const Piece ending = buffer.writer().ending();
  check_answer(turn, buffer.text() + ending.text, all);
  if (!buffer.writer().started()) return;
  const auto closed = messages_of(buffer.text() + buffer.writer().closing(), turn.format);
  RC_LOG() << "closed:\n" << buffer.text() << buffer.writer().closing() << "\n";
  const auto before = messages_of(turn.document, turn.format);
  // Text that is held back is missing; it may be all there is.
  RC_ASSERT(closed.size() <= before.size() + 1);
  const auto blocks = [](Parts parts) {
    const auto end = std::remove_if(parts.begin(), parts.end(), [](const AnswerPart& part) {
      return part.kind == Kind::kText;
    });
    parts.erase(end, parts.end());
    return parts;
  };
  const Parts wanted = blocks(read_back(all, turn.format));
  const Parts found = closed.size() > before.size() ? blocks(closed.back().answer) : Parts();
  RC_ASSERT(found == wanted);
  RC_ASSERT(std::equal(before.begin(), before.end(), closed.begin()));
}

void check_cuts(const Turn& turn) {
  Buffer buffer(turn.document, turn.format);
  const bool expects = *rc::gen::arbitrary<bool>();
  const Parts expected =
      expects ? Parts{testing::call_part(testing::any_call(turn.format, 900)), testing::any_state()}
              : Parts();
  buffer.expect(expected);
  Parts arrived;
  for (const AnswerPart& part : turn.parts) {
    if (part.kind != Kind::kText) {
      buffer.part(part);
      arrived.push_back(part);
      check_cut(turn, buffer, arrived, expected);
      continue;
    }
    arrived.push_back(testing::text_part(""));
    for (const std::string& piece : testing::cut(part.text)) {
      buffer.answer(piece);
      arrived.back().text += piece;
      check_cut(turn, buffer, arrived, expected);
    }
  }
}

TEST_CASE("an answer with calls can be cut anywhere", "[document][steps]") {
  CHECK(testing::holds("cuts of answers with calls", 1500, [] { check_cuts(any_turn({})); }));
  CHECK(testing::holds("cuts of answers with calls and own formats", 1000,
                       [] { check_cuts(any_turn(any_format())); }));
}

/// Returns a document after an edit that replaces the range of a place.
std::string resumed(const std::string& document, const Format& format, const Parts& again,
                    const Parts& rest) {
  const auto lines = testing::buffer_lines(document);
  const auto place = find_resumption(lines, format);
  RC_ASSERT(place.has_value());
  RC_ASSERT(place->again_parts.size() == again.size());
  const auto offset = [&](std::size_t row, std::size_t column) {
    return static_cast<std::size_t>(lines[row].data() - document.data()) + column;
  };
  const std::size_t first = offset(place->row, place->column);
  const std::size_t end = offset(place->end_row, place->end_column);
  ReplyWriter writer(format, *place);
  std::string written;
  for (const AnswerPart& part : again) written += writer.part(part).text;
  for (const AnswerPart& part : rest) written += writer.part(part).text;
  written += writer.finish().text;
  if (written.empty()) return document;
  return document.substr(0, first) + written + document.substr(end);
}

/// An answer that stops with calls of its last step open is resumed with their results and more.
void check_resumption(const Format& format) {
  Turn turn{format, *testing::document_of(format).as("document"), testing::any_answer(format)};
  // An answer needs a question: else it could go below an older one, without a delimiter.
  const auto before = messages_of(turn.document, format);
  const bool answerable = !before.empty() && before.back().role == Role::kUser;
  RC_PRE(answerable);
  Parts step;
  const int count = *rc::gen::inRange(1, 4);
  for (int i = 0; i < count; ++i) {
    step.push_back(testing::call_part(testing::any_call(format, 500)));
  }
  const bool ends_with_state = *rc::gen::arbitrary<bool>();
  if (ends_with_state) step.push_back(testing::any_state());
  Parts done = step;
  for (AnswerPart& part : done) {
    if (part.kind != Kind::kCall || part.call.outcome != ToolCall::Outcome::kOpen) continue;
    part.call.outcome = ToolCall::Outcome::kResult;
    part.call.result = *testing::reply_of(format).as("late result");
  }
  const Parts rest = testing::any_answer(format, 501);
  const auto first_open = std::find_if(step.begin(), step.end(), [](const AnswerPart& part) {
    return part.kind == Kind::kCall && part.call.outcome == ToolCall::Outcome::kOpen;
  });
  const Parts again(done.begin() + (first_open - step.begin()), done.end());

  Buffer stopped(turn.document, format);
  Buffer whole(turn.document, format);
  for (const AnswerPart& part : turn.parts) {
    stopped.part(part);
    whole.part(part);
  }
  for (const AnswerPart& part : step) stopped.part(part);
  for (const Parts& parts : {done, rest}) {
    for (const AnswerPart& part : parts) whole.part(part);
  }
  stopped.finish();
  whole.finish();
  RC_LOG() << "stopped:\n" << stopped.text() << "\nwhole:\n" << whole.text() << "\n";
  RC_ASSERT(resumed(stopped.text(), format, again, rest) == whole.text());
}

TEST_CASE("a resumed answer is the same as one written at once", "[document][steps]") {
  CHECK(testing::holds("resumption", 2000, [] { check_resumption({}); }));
  CHECK(
      testing::holds("resumption with own formats", 2000, [] { check_resumption(any_format()); }));
}

}  // namespace
}  // namespace chatvim::document::steps_property_test
