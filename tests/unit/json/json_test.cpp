// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "chatvim/json/cursor.hpp"
#include "chatvim/json/text.hpp"
#include "property.hpp"

namespace chatvim::json {
namespace {

using namespace std::string_literals;

bool accepts(std::string_view text) {
  json::JsonCursor json(text);
  json.skip();
  return json.complete();
}

/// Returns the parsed value, or a discarded value if the text is not JSON.
Json tree(std::string_view text) {
  json::JsonCursor json(text);
  Json value = json.tree();
  return json.complete() ? value : Json(Json::value_t::discarded);
}

std::string string_of(std::string_view text) {
  json::JsonCursor json(text);
  std::string out;
  return json.string(out) && json.complete() ? out : "no string";
}

TEST_CASE("JSON: invalid text is rejected") {
  for (const std::string& text : std::vector<std::string>{"",
                                                          " ",
                                                          "{",
                                                          "}",
                                                          "[",
                                                          "]",
                                                          "[1",
                                                          "[1,",
                                                          "[1,]",
                                                          "[,1]",
                                                          "[1 2]",
                                                          "{\"a\"",
                                                          "{\"a\":",
                                                          "{\"a\":1",
                                                          "{\"a\":1,",
                                                          "{\"a\":1,}",
                                                          "{a:1}",
                                                          "{1:2}",
                                                          "nul",
                                                          "nulll",
                                                          "tru",
                                                          "True",
                                                          "01",
                                                          "-",
                                                          "1.",
                                                          ".5",
                                                          "1e",
                                                          "1e+",
                                                          "+1",
                                                          "\"",
                                                          "\"a",
                                                          "\"\\",
                                                          "\"\\x\"",
                                                          "\"\\u12\"",
                                                          "\"\\u12g4\"",
                                                          "\"\n\"",
                                                          "\"\x01\"",
                                                          "1 2",
                                                          "{} {}",
                                                          "NaN",
                                                          "\"\\ud83d\\u12\"",
                                                          "//\n1",
                                                          "\0"s}) {
    INFO(text);
    CHECK_FALSE(accepts(text));
    CHECK(tree(text).is_discarded());
  }
}

TEST_CASE("JSON: strings") {
  CHECK(string_of(R"("a\"\\\/\b\f\n\r\tz")") == "a\"\\/\b\f\n\r\tz");
  CHECK(string_of(R"("\u00e9\u20ac\ud83d\ude42")") == "é€🙂");
  CHECK(string_of(R"("\ud83d")") == "\xED\xA0\xBD");
  CHECK(string_of(R"("\ude42x")") == "\xED\xB9\x82x");
  CHECK(string_of(R"("\ud83d\ud83d\ude42")") == "\xED\xA0\xBD🙂");
  CHECK(string_of("\"\xF0\x9F\"") == "\xF0\x9F");
  CHECK(string_of("1") == "no string");
}

TEST_CASE("JSON: whole numbers") {
  const auto integer = [](std::string_view text) {
    return json::JsonCursor(text).integer_or_skip();
  };
  CHECK(integer("12") == 12);
  CHECK(integer("-3") == -3);
  CHECK(integer("9.000") == 9);
  CHECK(integer("9.5") == std::nullopt);
  CHECK(integer("1e3") == std::nullopt);
  CHECK(integer("99999999999999999999") == std::nullopt);
  CHECK(integer("\"9\"") == std::nullopt);
  CHECK(integer("null") == std::nullopt);
}

TEST_CASE("JSON: truthy values") {
  for (const char* text : {"null", "false", "0", "0.0", "\"\"", "[]", "{}", "[null,0]",
                           R"({"message":null,"code":"","more":{"a":[]}})"}) {
    CHECK_FALSE(json::JsonCursor(text).truthy());
  }
  for (const char* text : {"true", "1", "0.5", "\"a\"", "[0,1]", R"({"message":"x"})"}) {
    CHECK(json::JsonCursor(text).truthy());
  }
}

TEST_CASE("JSON: nesting has a limit") {
  const auto nested = [](int n) {
    return std::string(static_cast<std::size_t>(n), '[') +
           std::string(static_cast<std::size_t>(n), ']');
  };
  CHECK(accepts(nested(json::JsonCursor::kMaxDepth)));
  CHECK_FALSE(accepts(nested(json::JsonCursor::kMaxDepth + 1)));
  CHECK_FALSE(accepts(std::string(1'000'000, '[')));
}

/// Generates mostly valid JSON, because tokens in random order would rarely be valid.
std::string json_like(int depth) {
  static const std::vector<std::string> kAtoms = {"null",
                                                  "true",
                                                  "false",
                                                  "0",
                                                  "-1",
                                                  "2.5",
                                                  "1e3",
                                                  "\"\"",
                                                  "\"a\"",
                                                  R"("\n\u00e9")",
                                                  R"("\ud83d\ude42")",
                                                  "tru",
                                                  "01",
                                                  "\"\\q\"",
                                                  " 7 ",
                                                  "\"é\""};
  const int kind = depth == 0 ? 0 : *rc::gen::inRange(0, 4);
  if (kind < 2) return *rc::gen::elementOf(kAtoms);
  const std::size_t size = *rc::gen::inRange<std::size_t>(0, 4);
  std::string out = kind == 2 ? "[" : "{";
  for (std::size_t i = 0; i < size; ++i) {
    if (i > 0) out += *rc::gen::weightedElement<std::string>({{30, ","}, {1, " "}, {5, " , "}});
    if (kind == 3) {
      out += *rc::gen::weightedElement<std::string>(
          {{10, "\"k\":"}, {10, "\"l\" : "}, {10, R"("\u006b":)"}, {1, "\"k\""}, {1, "k:"}});
    }
    out += json_like(depth - 1);
  }
  return out +
         *rc::gen::weightedElement<std::string>({{30, kind == 2 ? "]" : "}"}, {1, ""}, {1, ",]"}});
}

TEST_CASE("JSON: the cursor accepts what nlohmann's parser accepts and reads the same") {
  CHECK(testing::holds("same as nlohmann", 5000, [] {
    const std::string text = json_like(4);
    const Json expected = Json::parse(text, nullptr, false);
    RC_ASSERT(accepts(text) == !expected.is_discarded());
    const Json actual = tree(text);
    RC_ASSERT(actual.is_discarded() == expected.is_discarded());
    if (!expected.is_discarded()) RC_ASSERT(actual == expected);
    json::JsonCursor raw(text);
    if (!expected.is_discarded()) RC_ASSERT(Json::parse(raw.raw()) == expected);
  }));
}

TEST_CASE("JSON: strings are written as nlohmann writes them") {
  const auto written = [](std::string_view text) {
    std::string out;
    json::append_json_string(out, text);
    return out;
  };
  std::string all;
  for (char c = 0; c < 127; ++c) all.push_back(c);
  CHECK(written(all + "\x7F"
                      "é€🙂") == Json(all + "\x7F"
                                                 "é€🙂")
                                          .dump());
  CHECK(written("") == "\"\"");
  CHECK(testing::holds("same as nlohmann", 2000, [&] {
    static const std::vector<std::string> kTokens = {
        "a", "bcdefghi", "\"", "\\", "\n", "\x01", "\x1F", " ", "é", "🙂", "\x7F", "~"};
    std::string text;
    for (const auto& token :
         *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(kTokens))) {
      text += token;
    }
    RC_ASSERT(written(text) == Json(text).dump());
  }));
}

}  // namespace
}  // namespace chatvim::json
