// SPDX-License-Identifier: Apache-2.0
// The response cases of tests/data/wire-cases.json and wild-cases.json, each cut at every position.
#include <catch2/catch_test_macros.hpp>

#include "wire/errors.hpp"
#include "wire_support.hpp"

namespace chatvim::wire {
namespace {

using testing::Pieces;

TEST_CASE("the wire cases of responses") {
  auto cases = testing::wire_cases({"chat", "responses", "messages"});
  REQUIRE(cases.size() >= 32);
  const auto wild = testing::wire_cases({"chat", "responses", "messages"}, "wild-cases");
  REQUIRE(wild.size() >= 40);
  cases.insert(cases.end(), wild.begin(), wild.end());
  for (const testing::WireCase& one : cases) {
    // libcurl decodes compressed bodies; the decoder gets plain text.
    if (find_header(one.headers, "content-encoding")) continue;
    DYNAMIC_SECTION(one.name) {
      const Api api = api_of(one.style).value();
      const Json expected = testing::joined(one.expected);
      testing::for_each_cut(one.pieces, [&](const Pieces& pieces) {
        const Json actual = testing::decode(pieces, one.status, one.headers, api);
        if (actual != expected) {
          INFO("pieces: " << Json(pieces).dump(-1, ' ', false, Json::error_handler_t::replace));
          CHECK(actual == expected);
        }
      });
    }
  }
}

}  // namespace
}  // namespace chatvim::wire
