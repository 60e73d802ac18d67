// SPDX-License-Identifier: Apache-2.0
// Reading a document after a reply gives the messages before it, unchanged, then the reply: for
// every document, every reply, every format and every cut.
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "chatvim/text/lines.hpp"
#include "document_generators.hpp"
#include "document_support.hpp"
#include "property.hpp"

namespace chatvim::document::round_trip_test {
namespace {

using testing::Buffer;
using testing::document_of;
using testing::formats;
using testing::joined;
using testing::message_of;
using testing::messages_of;
using testing::pieces_of;
using testing::reply_of;
using Messages = std::vector<Message>;

/// A generated conversation: what stands in the buffer, and what comes from the server.
struct Turn {
  Format format;
  std::string document;
  std::vector<std::string> reasoning;
  std::vector<std::string> answer;
};

/// Puts the reply into the document and checks all that reading it again must give.
void check_round_trip(const Turn& turn) {
  const Messages before = messages_of(turn.document, turn.format);
  Buffer buffer(turn.document, turn.format);
  for (const std::string& piece : turn.reasoning) {
    buffer.reasoning(piece);
  }
  for (const std::string& piece : turn.answer) {
    buffer.answer(piece);
  }
  buffer.finish();
  RC_LOG() << "document:\n" << turn.document << "\nbuffer:\n" << buffer.text() << "\n";

  RC_ASSERT(!buffer.misplaced());
  RC_ASSERT(buffer.text().starts_with(turn.document));
  Messages expected = before;
  const std::string message = message_of(joined(turn.answer), turn.format);
  if (!message.empty()) {
    expected.push_back({Role::kAssistant, message});
  }
  RC_ASSERT(messages_of(buffer.text(), turn.format) == expected);

  const bool changed = buffer.text() != turn.document;
  RC_ASSERT(changed == buffer.writer().started());
  if (!message.empty()) {
    RC_ASSERT(changed);
  } else if (text::is_blank(message_of(joined(turn.reasoning), turn.format))) {
    RC_ASSERT(!changed);
  }
  if (changed) {
    // What the user writes next is the user's message.
    expected.push_back({Role::kUser, "next"});
    RC_ASSERT(messages_of(buffer.text() + "next", turn.format) == expected);
  }
}

Turn turn_with(const Format& format, bool keep_reasoning) {
  Turn turn;
  turn.format = format;
  turn.document = *document_of(format).as("document");
  turn.answer = pieces_of(*reply_of(format).as("answer"));
  if (keep_reasoning) {
    turn.reasoning = pieces_of(*reply_of(format).as("reasoning"));
  }
  return turn;
}

TEST_CASE("every reply reads back as it came", "[document]") {
  CHECK(testing::holds("round trip", 4000, [] { check_round_trip(turn_with({}, false)); }));
}

TEST_CASE("every reply with kept reasoning reads back without it", "[document]") {
  CHECK(testing::holds("round trip with reasoning", 3000,
                       [] { check_round_trip(turn_with({}, true)); }));
}

TEST_CASE("every reply reads back with the user's own format", "[document]") {
  CHECK(testing::holds("round trip with own formats", 5000, [] {
    Format format = *rc::gen::elementOf(formats());
    format.delimiter_prefix =
        *rc::gen::container<std::string>(rc::gen::element(' ', '\t', '\n', '\n', '\n'));
    format.delimiter_suffix =
        *rc::gen::container<std::string>(rc::gen::element(' ', '\t', '\n', '\n', '\n'));
    check_round_trip(turn_with(format, *rc::gen::arbitrary<bool>()));
  }));
}

TEST_CASE("cuts make no difference to what is written", "[document]") {
  CHECK(testing::holds("cuts", 2000, [] {
    const std::string document = *document_of({});
    const std::string answer = *reply_of({});
    Buffer whole(document);
    whole.answer(answer);
    whole.finish();
    Buffer in_pieces(document);
    for (const std::string& piece : pieces_of(answer)) {
      in_pieces.answer(piece);
    }
    in_pieces.finish();
    RC_ASSERT(in_pieces.text() == whole.text());
  }));
}

}  // namespace
}  // namespace chatvim::document::round_trip_test
