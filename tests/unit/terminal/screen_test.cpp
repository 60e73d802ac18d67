// SPDX-License-Identifier: Apache-2.0
#include "chatvim/terminal/screen.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>

namespace chatvim::terminal::screen_test {
namespace {

constexpr std::string_view kErase = "\r\x1B[J";

std::string draw(Screen& screen, std::string_view text, std::size_t cursor, Size size = {10, 4}) {
  return screen.draw({"> ", ". ", text, cursor}, size);
}

}  // namespace

TEST_CASE("a text is drawn again in its place", "[terminal]") {
  Screen screen;
  CHECK(draw(screen, "ab", 1) == std::string(kErase) + "> ab\r\x1B[3C");
  CHECK(draw(screen, "a\nb", 3) == std::string(kErase) + "> a\r\n. b\r\x1B[3C");
  CHECK(draw(screen, "a\nb", 0) == "\x1B[1A" + std::string(kErase) + "> a\r\n. b\x1B[1A\r\x1B[2C");
  CHECK(screen.leave() == "\x1B[1B\r\n");
  CHECK(draw(screen, "", 0) == std::string(kErase) + "> \r\x1B[2C");
}

TEST_CASE("long lines are broken where a character does not fit", "[terminal]") {
  Screen screen;
  CHECK(draw(screen, "12345678", 8) == std::string(kErase) + "> 12345678\r\n\r");
  screen.forget();
  CHECK(draw(screen, "1234567漢x", 7) == std::string(kErase) + "> 1234567\r\n漢x\r");
  screen.forget();
  CHECK(draw(screen, "\x1B\t", 2) == std::string(kErase) + "> ?    \r\x1B[7C");
}

TEST_CASE("of a text that is too high, the part with the cursor is drawn", "[terminal]") {
  Screen screen;
  CHECK(draw(screen, "1\n2\n3\n4\n5", 9) ==
        std::string(kErase) + ". 2\r\n. 3\r\n. 4\r\n. 5\r\x1B[3C");
  CHECK(draw(screen, "1\n2\n3\n4\n5", 0) ==
        "\x1B[3A" + std::string(kErase) + "> 1\r\n. 2\r\n. 3\r\n. 4\x1B[3A\r\x1B[2C");
}

}  // namespace chatvim::terminal::screen_test
