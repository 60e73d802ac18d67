// SPDX-License-Identifier: Apache-2.0
// The cases of tests/data/wire-cases.json for event streams, each at every cut.
#include <catch2/catch_test_macros.hpp>

#include "chatvim/sse/parser.hpp"
#include "chatvim/text/utf8.hpp"
#include "wire_support.hpp"

namespace chatvim::sse::wire_test {
namespace {

using testing::Pieces;

Json parse(const Pieces& pieces, Parser::Options options) {
  Json out = Json::array();
  const auto decoded = [](std::string_view bytes) { return text::replace_invalid_utf8(bytes); };
  Parser parser(
      [&](const Event& event) {
        out.push_back(
            Json::array({decoded(event.type), decoded(event.data), decoded(event.last_event_id)}));
      },
      options);
  for (const std::string& piece : pieces) REQUIRE(parser.feed(piece));
  parser.finish();
  return out;
}

TEST_CASE("wire cases of event streams") {
  const auto cases = testing::wire_cases({"sse", "sse-strict"});
  REQUIRE(cases.size() >= 6);
  for (const testing::WireCase& one : cases) {
    DYNAMIC_SECTION(one.name) {
      Parser::Options options;
      options.deliver_unfinished = one.style == "sse";
      testing::for_each_cut(one.pieces, [&](const Pieces& pieces) {
        const Json actual = parse(pieces, options);
        if (actual != one.expected) {
          INFO("pieces: " << Json(pieces).dump());
          CHECK(actual == one.expected);
        }
      });
    }
  }
}

}  // namespace
}  // namespace chatvim::sse::wire_test
