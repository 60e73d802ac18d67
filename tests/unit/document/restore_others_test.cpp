// SPDX-License-Identifier: Apache-2.0
// An interrupted continuation of an answer with others is restored with them.
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <string>

#include "chatvim/document/place.hpp"
#include "chatvim/document/restore.hpp"
#include "document_others.hpp"
#include "document_support.hpp"
#include "restore_support.hpp"

namespace chatvim::document::restore_others_test {
namespace {

using testing::messages_of;
using testing::restored;

const std::string kQuestion = "# === USER ===\n\nWhy?\n\n# === ASSISTANT ===\n\n";
const std::string kNext = "\n\n# === USER ===\n\n";

std::string answered() {
  testing::Buffer buffer("# === USER ===\n\nWhy?");
  buffer.answer("The answer");
  buffer.finish({testing::provenance_of("a/b"),
                 {testing::other_of("c/d", "Two."), testing::other_of("e/f", "Three.")}});
  return buffer.text();
}

/// Returns a continuation that was interrupted.
LostAnswer interrupted(const std::string& document) {
  const auto lines = testing::buffer_lines(document);
  const auto place = find_continuation(lines, {});
  REQUIRE(place);
  ReplyWriter writer({}, *place);
  LostAnswer lost{{}, read_lead(lines, {}, *place), "", ""};
  lost.text = writer.answer(" is 42, as everybody knows.").text;
  lost.ending = writer.ending().text + kNext;  // the delimiter that is below the range
  return lost;
}

TEST_CASE("other answers below a lost continuation are restored", "[restore][others]") {
  const std::string document = answered();
  const LostAnswer lost = interrupted(document);
  const std::string start = kQuestion + "The answer";
  const std::string whole = start + lost.text + lost.ending;
  REQUIRE(messages_of(whole).back().others.size() == 2);
  // The file is as it was before.
  CHECK(restored(document, lost) == whole);
  // The file was saved while text was written.
  for (std::size_t size = 1; size <= lost.text.size(); ++size) {
    CAPTURE(size);
    CHECK(restored(start + lost.text.substr(0, size), lost) == whole);
  }
  CHECK(restored(whole, lost) == whole);
  // The file has more text than the journal.
  CHECK(restored(start + lost.text + " And more.", lost) ==
        start + lost.text + " And more." + lost.ending);
}

}  // namespace
}  // namespace chatvim::document::restore_others_test
