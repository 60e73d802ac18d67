// SPDX-License-Identifier: Apache-2.0
// Whatever models say, and wherever an answer is cut, an answer with others and a provenance reads
// back as it came, also when it is continued and when another answer is chosen.
#include <catch2/catch_test_macros.hpp>
#include <optional>
#include <string>
#include <vector>

#include "chatvim/document/choose.hpp"
#include "chatvim/document/place.hpp"
#include "document_others.hpp"
#include "document_steps.hpp"

namespace chatvim::document::others_property_test {
namespace {

using testing::Buffer;
using testing::messages_of;
using testing::read_back;
using Others = std::vector<OtherAnswer>;

Format any_format() {
  Format format = *rc::gen::elementOf(testing::formats());
  RC_PRE(testing::can_keep_calls(format));
  const auto white_space =
      rc::gen::container<std::string>(rc::gen::element(' ', '\t', '\n', '\n', '\n'));
  format.delimiter_prefix = *white_space;
  format.delimiter_suffix = *white_space;
  return format;
}

/// A document, an answer to it, and what stands below that.
struct Turn {
  Format format;
  std::string document;
  std::vector<AnswerPart> parts;
  AnswerEnd end;
};

Turn any_turn(const Format& format) {
  Turn turn{format, *testing::document_of(format).as("document"), testing::any_answer(format), {}};
  if (*rc::gen::arbitrary<bool>()) turn.end.provenance = testing::any_provenance();
  turn.end.others = testing::any_others(format);
  return turn;
}

/// A turn whose answer has text and no calls.
Turn any_plain_turn(const Format& format) {
  Turn turn = any_turn(format);
  turn.parts = {testing::text_part(*testing::reply_of(format).as("answer") + "x")};
  return turn;
}

void check_end(const Message& message, const AnswerEnd& end, const Format& format) {
  RC_ASSERT(message.provenance == end.provenance);
  RC_ASSERT(message.others == read_back(end.others, format));
  RC_ASSERT(message.broken_blocks.empty());
}

void check_round_trip(const Turn& turn) {
  const auto before = messages_of(turn.document, turn.format);
  Buffer buffer(turn.document, turn.format);
  for (const AnswerPart& part : turn.parts) testing::write_part(buffer, part);
  buffer.finish(turn.end);
  RC_LOG() << "document:\n" << turn.document << "\ntext:\n" << buffer.text() << "\n";
  const auto after = messages_of(buffer.text(), turn.format);
  RC_ASSERT(std::equal(before.begin(), before.end(), after.begin()));
  if (!buffer.writer().started()) return;
  RC_ASSERT(after.size() == before.size() + 1);
  RC_ASSERT(after.back().answer == read_back(turn.parts, turn.format));
  check_end(after.back(), turn.end, turn.format);
  auto next = after;
  next.push_back({Role::kUser, "next"});
  RC_ASSERT(messages_of(buffer.text() + "next", turn.format) == next);
}

TEST_CASE("every answer with others reads back as it came", "[document][others]") {
  CHECK(testing::holds("round trip with others", 2000, [] { check_round_trip(any_turn({})); }));
  CHECK(testing::holds("round trip with others and own formats", 2000,
                       [] { check_round_trip(any_turn(any_format())); }));
}

/// Replaces a place of a document by what a reply becomes there.
std::string placed(const std::string& document, const Format& format, const Place& place,
                   const std::string& reply, const AnswerEnd& end) {
  const auto lines = testing::buffer_lines(document);
  const auto offset = [&](std::size_t row, std::size_t column) {
    return static_cast<std::size_t>(lines[row].data() - document.data()) + column;
  };
  ReplyWriter writer(format, place);
  std::string written;
  for (const std::string& piece : testing::pieces_of(reply)) written += writer.answer(piece).text;
  written += writer.finish(end).text;
  if (written.empty()) return document;
  return document.substr(0, offset(place.row, place.column)) + written +
         document.substr(offset(place.end_row, place.end_column));
}

/// Returns the document of a turn.
std::string written(const Turn& turn) {
  Buffer buffer(turn.document, turn.format);
  for (const AnswerPart& part : turn.parts) buffer.part(part);
  buffer.finish(turn.end);
  return buffer.text();
}

/// An answer is continued as if it had neither others nor a provenance, which are added below.
void check_continuation(const Turn& turn) {
  const std::string reply = *testing::reply_of(turn.format).as("more") + "y";
  Turn bare = turn;
  bare.end = {};
  const std::string document = written(turn);
  const std::string alone = written(bare);
  const auto place = find_continuation(testing::buffer_lines(document), turn.format);
  const auto expected = find_continuation(testing::buffer_lines(alone), turn.format);
  RC_LOG() << "document:\n" << document << "\n";
  RC_ASSERT(place.has_value() && expected.has_value());
  RC_ASSERT(place->kept == expected->kept);
  const AnswerEnd end{testing::any_provenance()};
  const auto after = messages_of(placed(document, turn.format, *place, reply, end), turn.format);
  RC_ASSERT(after == messages_of(placed(alone, turn.format, *expected, reply, {}), turn.format));
  check_end(after.back(), {end.provenance, turn.end.others}, turn.format);
}

TEST_CASE("continuing an answer keeps its others", "[document][others]") {
  CHECK(testing::holds("continuation with others", 1500,
                       [] { check_continuation(any_plain_turn({})); }));
  CHECK(testing::holds("continuation with others and own formats", 1500,
                       [] { check_continuation(any_plain_turn(any_format())); }));
}

/// Returns the document after the other answer at a row was chosen.
std::string chosen(const std::string& document, const Format& format, std::size_t row) {
  const auto lines = testing::buffer_lines(document);
  const auto choice = choose_answer(lines, format, row);
  RC_ASSERT(choice.has_value());
  std::string out;
  for (std::size_t i = 0; i < choice->first; ++i) out.append(lines[i]).append("\n");
  out += choice->text;
  for (std::size_t i = choice->end; i < lines.size(); ++i) out.append("\n").append(lines[i]);
  return out;
}

/// Choosing exchanges two answers and nothing else; choosing again undoes it.
void check_choice(Turn turn) {
  turn.end.provenance = testing::any_provenance();
  turn.end.others.push_back({testing::any_provenance(), "z" + *testing::reply_of(turn.format)});
  const std::string document = written(turn);
  RC_LOG() << "document:\n" << document << "\n";
  const auto before = messages_of(document, turn.format);
  const auto front = find_front_matter(testing::buffer_lines(document)).body_line;
  const auto& others = before.back().others;
  const std::size_t index = others.size() - 1;
  const std::string once = chosen(document, turn.format, others[index].line + front);
  const auto after = messages_of(once, turn.format);
  RC_LOG() << "after:\n" << once << "\n";
  RC_ASSERT(after.size() == before.size());
  RC_ASSERT(std::equal(before.begin(), before.end() - 1, after.begin()));
  const Message& one = after.back();
  RC_ASSERT(one.content == others[index].text);
  RC_ASSERT(one.provenance == others[index].provenance);
  Others expected = others;
  expected[index] = {*before.back().provenance, before.back().content};
  RC_ASSERT(one.others == expected);
  RC_ASSERT(chosen(once, turn.format, one.others[index].line + front) == document);
}

TEST_CASE("choosing another answer exchanges the two", "[document][others]") {
  CHECK(testing::holds("choice", 1500, [] { check_choice(any_plain_turn({})); }));
  CHECK(testing::holds("choice with own formats", 1500,
                       [] { check_choice(any_plain_turn(any_format())); }));
}

}  // namespace
}  // namespace chatvim::document::others_property_test
