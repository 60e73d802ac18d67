// SPDX-License-Identifier: Apache-2.0
#include "chatvim/text/width.hpp"

#include <catch2/catch_test_macros.hpp>

namespace chatvim::text::width_test {

TEST_CASE("the width of text counts cells of a terminal", "[text]") {
  CHECK(cells_of("") == 0);
  CHECK(cells_of("abc") == 3);
  CHECK(cells_of("größer") == 6);
  CHECK(cells_of("漢字") == 4);
  CHECK(cells_of("한국어") == 6);
  CHECK(cells_of("ｆｕｌｌ") == 8);
  CHECK(cells_of("👋") == 2);
  CHECK(cells_of("e\xCC\x81") == 1);  // a combining accent
  CHECK(cells_of("a\xE2\x80\x8B"
                 "b") == 2);  // a zero width space
  CHECK(cells_of("x\x1B\x7F") == 1);
  CHECK(cells_of("a\xFF"
                 "b") == 3);  // ill-formed: shown as U+FFFD
}

TEST_CASE("the ends of the ranges of wide characters are exact", "[text]") {
  CHECK(cells_of(U'\u10FF') == 1);
  CHECK(cells_of(U'\u1100') == 2);
  CHECK(cells_of(U'\u115F') == 2);
  CHECK(cells_of(U'\u1160') == 0);  // a vowel that joins the one before it
  CHECK(cells_of(U'\uFF60') == 2);
  CHECK(cells_of(U'\uFF61') == 1);
  CHECK(cells_of(U'\U0010FFFF') == 1);
}

}  // namespace chatvim::text::width_test
