// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "chatvim/text/search.hpp"
#include "property.hpp"

namespace chatvim::text {

namespace {

bool found(const std::string& text, std::string_view bytes) { return Search(text).is_in(bytes); }

}  // namespace

TEST_CASE("A text without capitals is found in both cases, one with capitals as it is") {
  CHECK(found("sky", "Why is the SKY blue?"));
  CHECK(found("sky", "sky"));
  CHECK(found("Sky", "the Sky"));
  CHECK_FALSE(found("Sky", "the sky"));
  CHECK_FALSE(found("sKy", "the SKY"));
}

TEST_CASE("A text is no pattern") {
  CHECK(found("a.*[b", "x a.*[b y"));
  CHECK_FALSE(found("a.*b", "a b"));
  CHECK_FALSE(found("^a", "a"));
}

TEST_CASE("Text is found at both ends, and not beyond them") {
  CHECK(found("", ""));
  CHECK(found("", "a"));
  CHECK_FALSE(found("a", ""));
  CHECK(found("ab", "ab"));
  CHECK(found("ab", "abc"));
  CHECK(found("bc", "abc"));
  CHECK(found("c", "abc"));
  CHECK_FALSE(found("abcd", "abc"));
}

TEST_CASE("Only letters of ASCII have cases; other bytes are compared") {
  CHECK(found("grün", "GRün"));
  CHECK_FALSE(found("grün", "GRÜN"));
  CHECK(found("空は", "なぜ空は青い"));
  CHECK(found(std::string("\xFF\0x", 3), std::string_view("a\xFF\0Xb", 5)));
  CHECK_FALSE(found("[", "{"));
  CHECK_FALSE(found("@", "`"));
}

TEST_CASE("A search finds what a plain look at every place finds") {
  CHECK(testing::holds("search", 500, [] {
    const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("abA")));
    const auto bytes = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("abA")));
    const std::string part = text.substr(0, *rc::gen::inRange<std::size_t>(0, 4));
    const bool both = part.find('A') == std::string::npos;
    const auto same = [both](char left, char right) {
      return left == right || (both && left == 'A' && right == 'a');
    };
    const auto at = std::search(bytes.begin(), bytes.end(), part.begin(), part.end(), same);
    RC_ASSERT(found(part, bytes) == (part.empty() || at != bytes.end()));
  }));
}

}  // namespace chatvim::text
