// SPDX-License-Identifier: Apache-2.0
#include "editor/flow.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "chatvim/text/utf8.hpp"
#include "loop_support.hpp"

namespace chatvim::editor {
namespace {

using testing::TestLoop;
using namespace std::chrono_literals;

/// A flow and the updates it sent.
struct Stream {
  TestLoop test;
  std::vector<document::Piece> sent;
  std::uint64_t last = 0;
  int drained = 0;
  Flow flow{test.loop(),
            [this](std::uint64_t sequence, document::Piece piece) {
              CHECK(sequence == last + 1);
              last = sequence;
              sent.push_back(std::move(piece));
            },
            [this] { ++drained; }};

  std::string text() const {
    std::string all;
    for (const auto& piece : sent) all += piece.text;
    return all;
  }
};

TEST_CASE("an idle editor gets text at once", "[flow]") {
  Stream stream;
  stream.flow.add({"one", true});
  REQUIRE(stream.sent.size() == 1);
  CHECK(stream.sent[0].text == "one");
  CHECK(stream.sent[0].at_line_start);
  stream.flow.acknowledge(1);
  stream.flow.add({"two", false});
  REQUIRE(stream.sent.size() == 2);
  CHECK_FALSE(stream.sent[1].at_line_start);
}

TEST_CASE("at most one update is unacknowledged, text in the meantime is combined", "[flow]") {
  Stream stream;
  stream.flow.add({"one ", false});
  stream.flow.add({"two ", false});
  stream.flow.add({"three", false});
  CHECK(stream.sent.size() == 1);
  stream.flow.acknowledge(7);  // unknown
  stream.flow.acknowledge(0);
  CHECK(stream.sent.size() == 1);
  stream.flow.acknowledge(1);
  REQUIRE(stream.sent.size() == 2);
  CHECK(stream.sent[1].text == " two three");
  stream.flow.acknowledge(1);  // a second time
  stream.flow.add({"four", false});
  CHECK(stream.sent.size() == 2);
}

TEST_CASE("trailing white space is held back until text or the end follows", "[flow]") {
  Stream stream;
  stream.flow.add({"one \n", false});
  REQUIRE(stream.sent.size() == 1);
  CHECK(stream.sent[0].text == "one");
  stream.flow.acknowledge(1);
  stream.flow.add({"\t ", false});
  CHECK(stream.sent.size() == 1);
  stream.flow.add({"two  ", false});
  REQUIRE(stream.sent.size() == 2);
  CHECK(stream.sent[1].text == " \n\t two");
  stream.flow.acknowledge(2);
  CHECK(stream.drained == 0);
  stream.flow.finish();
  REQUIRE(stream.sent.size() == 3);
  CHECK(stream.sent[2].text == "  ");
  stream.flow.acknowledge(3);
  CHECK(stream.drained == 1);
}

TEST_CASE("an empty piece is ignored", "[flow]") {
  Stream stream;
  stream.flow.add({"", true});
  CHECK(stream.sent.empty());
  stream.flow.finish();
  CHECK(stream.drained == 1);
}

TEST_CASE("under load updates come at most once per screen refresh and lose nothing", "[flow]") {
  Stream stream;
  const auto start = loop::Clock::now();
  std::string expected;
  for (int i = 0; i < 5000; ++i) {
    const std::string piece = " " + std::to_string(i);
    expected += piece;
    stream.flow.add({piece, false});
    stream.flow.acknowledge(stream.last);
  }
  const std::size_t updates = stream.sent.size();
  const auto passed = loop::Clock::now() - start;
  CHECK(updates >= 3);
  // Three may be sent at once, then one every 16 ms.
  CHECK(static_cast<double>(updates) <= 4 + passed / 16.0ms);
  // The rest is sent when it is due, without any further call.
  stream.test.run_until([&] {
    stream.flow.acknowledge(stream.last);
    return stream.text() == expected;
  });
  CHECK(stream.drained == 0);
}

TEST_CASE("at the end the rest is flushed at once and the end is reported once", "[flow]") {
  Stream stream;
  std::string expected;
  for (int i = 0; i < 100; ++i) {
    expected += "x";
    stream.flow.add({"x", false});
    if (i < 50) stream.flow.acknowledge(stream.last);
  }
  stream.flow.finish();
  CHECK(stream.drained == 0);
  stream.flow.acknowledge(stream.last);
  stream.flow.acknowledge(stream.last);
  CHECK(stream.text() == expected);
  CHECK(stream.drained == 1);
  stream.flow.acknowledge(stream.last);
  stream.test.turn();
  CHECK(stream.drained == 1);
}

TEST_CASE("the end is not reported before the last acknowledgement", "[flow]") {
  Stream stream;
  stream.flow.add({"x", false});
  stream.flow.finish();
  CHECK(stream.drained == 0);
  stream.flow.acknowledge(1);
  CHECK(stream.drained == 1);
}

TEST_CASE("a large text is sent in updates of limited size, cut between characters", "[flow]") {
  const std::vector<std::string> lines = {std::string(70, 'x') + "\n", "\xF0\x9F\x99\x82",
                                          "x\xC3\xA9"};
  for (const std::string& line : lines) {
    Stream stream;
    std::string expected;
    while (expected.size() < 2'000'000) expected += line;
    stream.flow.add({"first", true});
    stream.flow.add({expected, false});
    stream.flow.finish();
    while (stream.drained == 0) stream.flow.acknowledge(stream.last);
    CHECK((stream.text() == "first" + expected));
    CHECK(stream.sent.size() > 5);
    for (const auto& piece : stream.sent) {
      CHECK(piece.text.size() <= 64 * 1024);
      CHECK_FALSE(text::find_invalid_utf8(piece.text));
    }
    // Only the first update starts where a piece started.
    for (std::size_t i = 1; i < stream.sent.size(); ++i) CHECK_FALSE(stream.sent[i].at_line_start);
  }
}

}  // namespace
}  // namespace chatvim::editor
